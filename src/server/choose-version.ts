import type { Catalog } from '../catalog/catalog.ts';
import { versionRules } from './version-rules.ts';

/** `fieldLines`: the request's header, each line with CRLF. */
export type ChooseVersion = (fieldLines: string) => string;

/**
 * How the version is chosen for each request to a qualifier: `latest` and versions are themselves; an alias has its main version
 * and an additional one, by rules or by weight (documented: percent of the requests). Throws ERR_ALIAS_NOT_FOUND.
 */
export function chooseVersion(
	catalog: Pick<Catalog, 'aliases'>,
	functionId: number,
	qualifier: string,
): ChooseVersion {
	if (!qualifier.startsWith('!')) return () => qualifier;
	const { version: main, weights, strategy } = catalog.aliases.require(functionId, qualifier.slice(1));
	const rules = versionRules(strategy);
	if (rules !== null) return (fieldLines) => (rules.holdFor(fieldLines) ? rules.version : main);
	const additional = Object.entries(weights ?? {}).filter(([, percent]) => percent > 0);
	if (additional.length === 0) return () => main;
	return () => {
		let dice = Math.random() * 100;
		for (const [version, percent] of additional) {
			dice -= percent;
			if (dice < 0) return version;
		}
		return main;
	};
}
