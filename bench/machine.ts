/** What a table of figures was measured on and with. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Machine as Host } from '../src/bench/bench-record.ts';
import { describeMachine as describeHost } from '../src/bench/machine.ts';
import { median } from '../src/bench/statistics.ts';
import type { Peer } from './peer.ts';

const PROCESS_STARTS = 15;

export interface Machine extends Host {
	readonly commit: string;
	/** Milliseconds from here to the end of `true`: it tells the state of a machine that others use too, better than its load. */
	readonly processStartMs: number;
	/** First line that each program prints about its version. */
	readonly versions: Readonly<Record<string, string>>;
}

export function describeMachine(peers: readonly Peer[]): Machine {
	const versions: Record<string, string> = {
		wrk: programVersion('wrk', ['-v']),
		h2load: programVersion('h2load', ['--version']),
	};
	for (const { name, kind, binary } of peers) {
		if (kind === 'httpfn') versions[name] = programVersion(binary, ['version']);
		else versions[name] = programVersion(binary, [kind === 'caddy' ? 'version' : '-v']);
	}
	return { ...describeHost(), commit: commitOf(), processStartMs: processStartMs(), versions };
}

/** A line above a table. */
export function machineText({
	cores,
	cpu,
	kernel,
	loadAverage,
	commit,
	processStartMs,
}: Omit<Machine, 'versions'>): string {
	const state = `load average before ${loadAverage.toFixed(2)}, ${processStartMs.toFixed(1)} ms to run true`;
	return `${cores} cores, ${cpu}, Linux ${kernel}, ${state}, commit ${commit}.`;
}

export function processStartMs(): number {
	const times = Array.from({ length: PROCESS_STARTS }, () => {
		const startMs = performance.now();
		spawnSync('true');
		return performance.now() - startMs;
	});
	return median(times);
}

/** Of this repository, short. */
export function commitOf(): string {
	const root = fileURLToPath(new URL('..', import.meta.url));
	return programVersion('git', ['-C', root, 'rev-parse', '--short', 'HEAD']);
}

/** First line that a program prints about its version, without its address and makers. */
export function programVersion(file: string, args: readonly string[]): string {
	const { stdout, stderr } = spawnSync(file, args, { encoding: 'utf8', timeout: 2000 });
	const line = `${stdout ?? ''}\n${stderr ?? ''}`.trim().split('\n')[0] ?? '';
	return (
		line
			.replace(/^(nginx version: |wrk |HAProxy version )| (\[epoll\] )?Copyright.*| - https.*/g, '')
			.trim() || 'unknown'
	);
}
