/** One proxy with its function behind it, started in a folder of its own and taken down again. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, startChild, untilAccepting } from './child.ts';
import type { Peer } from './peer.ts';
import { type PeerCommand, peerCommand } from './peer-command.ts';
import { type ProcessUsage, treeUsage } from './process-usage.ts';
import { PROXY_PORT, type Protocol } from './task.ts';

export interface Subject {
	readonly folder: string;
	/** Use of the proxy's processes alone; the function is not charged to it. */
	usage(): ProcessUsage;
	assertAlive(): void;
	stop(): Promise<void>;
}

type Command = Omit<PeerCommand, 'startsFunction'>;

const READY_MS = 10_000;

/** @param writeFunction writes the function into the folder given */
export async function startSubject(
	peer: Peer,
	writeFunction: (folder: string) => { folder: string; pidFile: string },
	protocol: Protocol = 'http',
): Promise<Subject> {
	const folder = mkdtempSync(join(tmpdir(), 'httpfn-bench-'));
	const fn = writeFunction(folder);
	const command = peerCommand(peer, folder, fn.folder, protocol);
	const children: Child[] = [];
	const start = async (command: Command, cwd: string, port: number): Promise<Child> => {
		const errorFile = join(folder, `stderr-${children.length}`);
		const environment = command.environment ?? {};
		const child = startChild(command.file, command.args, { cwd, home: folder, errorFile, environment });
		children.push(child);
		await untilAccepting(port, child, READY_MS);
		return child;
	};
	const stop = async (): Promise<void> => {
		for (const child of children.reverse()) await child.stop();
		rmSync(folder, { recursive: true, force: true });
	};
	try {
		if (!command.startsFunction) await start({ file: '/bin/bash', args: ['bootstrap'] }, fn.folder, 8000);
		const proxy = await start(command, folder, PROXY_PORT);
		return {
			folder,
			usage: () => treeUsage(proxy.pid, functionPid(fn.pidFile)),
			assertAlive: () => children.forEach((child) => void child.assertAlive()),
			stop,
		};
	} catch (error) {
		const output = children.map((_, index) => readIfThere(join(folder, `stderr-${index}`))).join('');
		await stop();
		throw new Error(`${peer.name} did not start; its standard error: ${output.slice(-2000)}`, {
			cause: error,
		});
	}
}

/** Null before the first request where the proxy starts the function itself. */
function functionPid(pidFile: string): number | null {
	return existsSync(pidFile) ? Number(readFileSync(pidFile, 'latin1')) : null;
}

function readIfThere(path: string): string {
	return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
