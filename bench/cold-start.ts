/** `npm run bench -- cold-start`: function by function in a network of its own, then the table. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BURST_REQUESTS, CROWD_FUNCTIONS } from './cold-start-crowds.ts';
import { buildBare, writeColdFunction } from './cold-start-functions.ts';
import {
	COLD_START_HELP,
	type ColdFunction,
	type ColdStartOptions,
	parseColdStartOptions,
} from './cold-start-options.ts';
import { coldStartReport } from './cold-start-report.ts';
import type { ColdRounds, ColdStartResult, CrowdRound, ThawRounds } from './cold-start-result.ts';
import type { ColdPlace } from './cold-start-task.ts';
import { findPeers } from './find-peers.ts';
import { describeMachine } from './machine.ts';
import { killNamespaces, runInNamespace } from './namespace.ts';
import type { Peer } from './peer.ts';

/** Milliseconds that one start may take with all that belongs to it. */
const START_MS_MAX = 15_000;
const SLACK_MS = 60_000;

type Report = (line: string) => void;

interface Found {
	readonly rounds: ColdRounds[];
	readonly crowds: CrowdRound[];
	readonly thaws: ThawRounds[];
	readonly problems: string[];
}

/** @returns the exit code: 0, or 1 where a request was not answered as it should be */
export async function benchColdStart(
	args: readonly string[],
	print: Report,
	report: Report,
): Promise<number> {
	const options = parseColdStartOptions(args);
	if (options === null) {
		print(COLD_START_HELP.trimEnd());
		return 0;
	}
	const peers = findPeers(options.peers);
	const other = peers.find(({ kind }) => kind !== 'httpfn');
	if (other !== undefined) throw new TypeError(`--peers has ${other.name}, which starts no functions`);
	process.once('exit', killNamespaces);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
	const machine = describeMachine(peers);
	const folder = mkdtempSync(join(tmpdir(), 'httpfn-bench-'));
	// Functions run as a user of their own.
	chmodSync(folder, 0o755);
	const found: Found = { rounds: [], crowds: [], thaws: [], problems: [] };
	try {
		const bare = buildBare(folder);
		for (const name of options.functions) {
			const place = { bare, folder: writeColdFunction(name, folder) };
			await measureFunction(name, place, peers, options, found, report);
			// What thaws is httpfn's doing, not the function's.
			if (name === options.functions[0]) await measureThaws(name, place, peers, options, found, report);
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	const flagship = peers.find((peer) => peer.flagship)?.name ?? null;
	const result: ColdStartResult = { machine, options, flagship, ...found };
	if (options.jsonFile !== null) writeFileSync(options.jsonFile, `${JSON.stringify(result, null, '\t')}\n`);
	print(coldStartReport(result));
	for (const problem of result.problems) report(`problem: ${problem}`);
	return result.problems.length === 0 ? 0 : 1;
}

async function measureFunction(
	name: ColdFunction,
	place: ColdPlace,
	peers: readonly Peer[],
	options: ColdStartOptions,
	found: Found,
	report: Report,
): Promise<void> {
	const subjects = peers.flatMap((peer) => options.isolations.map((isolation) => ({ peer, isolation })));
	report(`${name}: ${options.rounds} cold starts of ${subjects.length} kinds`);
	const timeoutMs = subjects.length * (options.rounds + 1) * START_MS_MAX + SLACK_MS;
	const task = { kind: 'cold', function: name, subjects, rounds: options.rounds, ...place } as const;
	for (const { failures, ...rounds } of await runInNamespace(task, '', timeoutMs)) {
		found.rounds.push({ function: name, ...rounds });
		found.problems.push(...failures.map((text) => `${rounds.peer}, ${rounds.isolation}, ${name}: ${text}`));
	}
	if (options.crowdRounds === 0 || !options.isolations.includes('namespace')) return;
	for (const peer of peers) await measureCrowds(name, place, peer, options.crowdRounds, found, report);
}

async function measureCrowds(
	name: ColdFunction,
	place: ColdPlace,
	peer: Peer,
	rounds: number,
	found: Found,
	report: Report,
): Promise<void> {
	for (const crowd of ['functions', 'burst'] as const) {
		const what =
			crowd === 'functions' ? `${CROWD_FUNCTIONS} functions at once` : `${BURST_REQUESTS} requests at once`;
		report(`${name}: ${peer.name}: ${what}, ${rounds} rounds`);
		const task = { kind: 'crowd', crowd, peer, rounds, ...place } as const;
		const measured = await runInNamespace(task, '', (rounds + 1) * 4 * START_MS_MAX + SLACK_MS);
		for (const round of measured.rounds) {
			found.crowds.push({ kind: crowd, function: name, peer: peer.name, ...round });
		}
		found.problems.push(...measured.failures.map((text) => `${peer.name}, ${what}, ${name}: ${text}`));
	}
}

async function measureThaws(
	name: ColdFunction,
	place: ColdPlace,
	peers: readonly Peer[],
	{ thawRounds: rounds, isolations }: ColdStartOptions,
	found: Found,
	report: Report,
): Promise<void> {
	if (rounds === 0) return;
	for (const peer of peers) {
		for (const isolation of isolations) {
			report(`${name}: ${peer.name}, ${isolation}: ${rounds} requests to a frozen instance`);
			const task = { kind: 'thaw', peer, isolation, rounds, ...place } as const;
			const { failures, ...times } = await runInNamespace(task, '', (rounds + 2) * START_MS_MAX + SLACK_MS);
			found.thaws.push({ function: name, peer: peer.name, isolation, ...times });
			found.problems.push(...failures.map((text) => `${peer.name}, ${isolation}, frozen: ${text}`));
		}
	}
}
