/** Where the links of a package lead, all of them together: one may pass through another. */
import { Buffer } from 'node:buffer';
import { PACKAGE_LIMITS } from './package-limits.ts';
import { invalid, shown } from './zip-entries.ts';

/** As many as Linux follows. */
const HOPS_MAX = 40;

/** Targets by name; they may lead nowhere, but not out of the package or in a circle. Throws ERR_CODE_INVALID, which names the link. */
export function judgeLinks(links: ReadonlyMap<string, string>): void {
	let steps = 0;
	const step = (name: string) => {
		steps += 1;
		if (steps <= PACKAGE_LIMITS.linkStepsMax) return;
		throw invalid(`${shown(name)}: found links that pass through too many others, wanted shorter ways`);
	};
	for (const [name, target] of links) {
		const found = wrongOf(name, links, step);
		if (found === null) continue;
		throw invalid(
			`${shown(name)}: found a link to ${shown(target)}, which ${found}, wanted one that stays in the package`,
		);
	}
}

/** Follows as the system does: `..` is what lies above the place that was reached, not above the name that was written. */
function wrongOf(
	name: string,
	links: ReadonlyMap<string, string>,
	step: (name: string) => void,
): string | null {
	const left = name.split('/').reverse();
	let reached = '';
	for (let hops = 0; left.length > 0; ) {
		step(name);
		const part = left.pop() ?? '';
		if (part === '' || part === '.') continue;
		if (part === '..') {
			if (reached === '') return 'leads out of it';
			reached = reached.slice(0, Math.max(0, reached.lastIndexOf('/')));
			continue;
		}
		const next = reached === '' ? part : `${reached}/${part}`;
		if (next.length > PACKAGE_LIMITS.nameBytesMax) return 'leads to a name that is too long';
		const target = links.get(next);
		if (target === undefined) {
			reached = next;
			continue;
		}
		hops += 1;
		if (hops > HOPS_MAX) return 'goes in a circle';
		if (target.startsWith('/')) return 'is absolute';
		left.push(...target.split('/').reverse());
	}
	return null;
}

/** Of a target that may not be whole yet. Throws ERR_CODE_INVALID. */
export function judgeLinkBytes(name: string, bytes: number): void {
	const { linkBytesMax } = PACKAGE_LIMITS;
	if (bytes <= linkBytesMax) return;
	throw invalid(`${shown(name)}: found a link of more than ${linkBytesMax} bytes, wanted at most so many`);
}

/** Throws ERR_CODE_INVALID. */
export function linkTarget(name: string, bytes: Uint8Array): string {
	const target = Buffer.from(bytes).toString('utf8');
	if (target !== '' && !target.includes('\0')) return target;
	throw invalid(`${shown(name)}: found a link to ${shown(target)}, wanted the name of a file or folder`);
}
