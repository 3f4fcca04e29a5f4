/** What a table of figures was measured on and with. */
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Peer } from './peer.ts';

export interface Machine {
	readonly cores: number;
	readonly cpu: string;
	readonly kernel: string;
	/** Runnable processes in the minute before: above 0.5 somebody else was busy here. */
	readonly loadAverage: number;
	readonly commit: string;
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
	return {
		cores: availableParallelism(),
		cpu: cpus()[0]?.model.trim() ?? 'unknown',
		kernel: release(),
		loadAverage: loadavg()[0] ?? Number.NaN,
		commit: commitOf(),
		versions,
	};
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
