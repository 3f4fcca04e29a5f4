/** The loads of a warm server: how it is asked, and how long its answers are. */
import type { BenchPlan } from './bench-plan.ts';

export type Way = 'plain' | 'chunked' | 'invoke';

export interface LoadCase {
	/** `warm/plain/1KB/kept`. */
	readonly id: string;
	/** `1 KB, plain, kept connections`. */
	readonly title: string;
	readonly way: Way;
	/** Of the answer; null: whatever the function answers. */
	readonly bodyBytes: number | null;
	/** Each request has a connection of its own. */
	readonly fresh: boolean;
	/** Requests in flight where the server is to be kept busy. */
	readonly connections: number;
	/** Requests a second, well under what it can do. */
	readonly rate: number;
}

const BODIES = [
	{ name: '0', shown: 'no body', bytes: 0, connections: 16, share: 1 },
	{ name: '1KB', shown: '1 KB', bytes: 1000, connections: 16, share: 1 },
	{ name: '100KB', shown: '100 KB', bytes: 100_000, connections: 8, share: 0.1 },
	{ name: '5MB', shown: '5 MB', bytes: 5_000_000, connections: 4, share: 0.01 },
] as const;

const WAYS: readonly Way[] = ['plain', 'chunked', 'invoke'];
const SHOWN: Readonly<Record<Way, string>> = {
	plain: 'plain',
	chunked: 'chunked',
	invoke: 'invoked, in its envelope',
};
/** A new connection costs both sides several times a small request, and Base64 several times a long one. */
const FRESH_SHARE = 0.25;
const INVOKE_SHARE = 0.25;

/** For the function of the benchmark: every way with every body, on connections that are kept and on new ones. */
export function loadCases({ rate }: BenchPlan): LoadCase[] {
	return WAYS.flatMap((way) =>
		BODIES.flatMap(({ name, shown, bytes, connections, share }) =>
			[false, true].map((fresh): LoadCase => {
				const slowed = rate * share * (fresh ? FRESH_SHARE : 1) * (way === 'invoke' ? INVOKE_SHARE : 1);
				return {
					id: `warm/${way}/${name}/${fresh ? 'new' : 'kept'}`,
					title: `${shown}, ${SHOWN[way]}, ${fresh ? 'new' : 'kept'} connections`,
					way,
					bodyBytes: bytes,
					fresh,
					connections,
					rate: Math.max(1, slowed),
				};
			}),
		),
	);
}

/** For any other function: what it answers to one path. */
export function ownCases({ rate }: BenchPlan): LoadCase[] {
	return [false, true].map((fresh) => ({
		id: `warm/own/${fresh ? 'new' : 'kept'}`,
		title: `the function's answer, ${fresh ? 'new' : 'kept'} connections`,
		way: 'plain',
		bodyBytes: null,
		fresh,
		connections: 16,
		rate: Math.max(1, rate * (fresh ? FRESH_SHARE : 1) * 0.1),
	}));
}
