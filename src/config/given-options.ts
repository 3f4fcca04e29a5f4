/** Settings that a program gives as an object. */
import { type Mistake, valueMistake } from './config-error.ts';
import type { GivenValue } from './given-value.ts';
import { nearestName } from './nearest-name.ts';
import { type FieldKey, RUN_KEYS } from './schema.ts';

/** What the server of the program decides, which is none of httpfn's then, and why. */
const FOREIGN: Readonly<Partial<Record<FieldKey, string>>> = {
	listen: 'your own server listens',
	tlsCert: 'your own server speaks TLS',
	tlsKey: 'your own server speaks TLS',
	tlsCertificates: 'your own server speaks TLS',
	tlsMinVersion: 'your own server speaks TLS',
	proxyProtocol: 'your own server accepts connections',
	workers: 'requests are taken by your own process',
	connectionsMax: 'your own server accepts connections',
	connectionsPerAddress: 'your own server accepts connections',
	pidFile: 'the process is yours',
	logFormat: 'records are objects: see the event log',
};

/** Those of the settings that have a meaning without a gateway of httpfn's own. */
export const OPTION_KEYS = RUN_KEYS.filter((key) => FOREIGN[key] === undefined);

/** What is undefined counts as not given. */
export function givenOptions(
	options: Readonly<Record<string, unknown>>,
	folder: string,
	mistakes: Mistake[],
): Map<FieldKey, GivenValue> {
	const values = new Map<FieldKey, GivenValue>();
	for (const [name, value] of Object.entries(options)) {
		if (value === undefined) continue;
		const key = OPTION_KEYS.find((known) => known === name);
		const source = `option ${name}`;
		if (key === undefined) mistakes.push(valueMistake(source, problemOf(name)));
		else values.set(key, { value, source, folder });
	}
	return values;
}

function problemOf(name: string): string {
	const why = RUN_KEYS.some((key) => key === name) ? FOREIGN[name as FieldKey] : undefined;
	if (why !== undefined) return `has no meaning here: ${why}`;
	const nearest = nearestName(name.replaceAll(/[-_]/g, ''), OPTION_KEYS);
	return `unknown option; ${nearest === null ? 'see docs/library.md' : `nearest is ${nearest}`}`;
}
