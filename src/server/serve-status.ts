/**
 * What a running `serve` tells `reload`: one small file in a private folder, written anew and moved into place. It is named by
 * the real path of the config file, so that several can run side by side.
 */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import * as z from 'zod/mini';
import { judgePrivateFolder, openPrivateFolder } from '../catalog/private-folder.ts';
import { hexDigest } from '../contract/hex-digest.ts';
import { isLiving, startTicks } from '../process/process-table.ts';
import { readMessage } from './read-message.ts';

const STATUS_BYTES_MAX = 1024 * 1024;

const outcome = () =>
	z.strictObject({
		ok: z.boolean(),
		/** Code and message of the failure; empty where there was none. */
		code: z.string(),
		message: z.string(),
		started: z.array(z.string()),
		kept: z.array(z.string()),
		retired: z.array(z.string()),
	});

const status = () =>
	z.strictObject({
		pid: z.int().check(z.gte(1)),
		/** With the pid, names one process for all time. */
		startTicks: z.string(),
		config: z.string(),
		url: z.string(),
		/** 1 at the start, one more with each reload that succeeded. */
		generation: z.int(),
		/** Reloads that have begun, and those that are done. */
		begun: z.int(),
		done: z.int(),
		outcome: z.nullable(outcome()),
	});

export type ServeStatus = z.output<ReturnType<typeof status>>;
export type ReloadOutcome = z.output<ReturnType<typeof outcome>>;

/** The file that a serve with this config file keeps. */
export function statusPath(folder: string, configPath: string): string {
	return path.join(folder, `${hexDigest(realPath(configPath))}.json`);
}

/** Answers why it could not be written, null where it was. */
export function writeStatus(file: string, state: ServeStatus): string | null {
	const problem = openPrivateFolder(path.dirname(file));
	if (problem !== null) return problem;
	const draft = `${file}.${process.pid}`;
	try {
		fs.writeFileSync(draft, `${JSON.stringify(state)}\n`, { mode: 0o600 });
		fs.renameSync(draft, file);
		return null;
	} catch (error) {
		return `${file} can not be written (${(error as NodeJS.ErrnoException).code ?? error})`;
	}
}

/** Removes it, unless another serve has taken it over. */
export function removeStatus(file: string): void {
	try {
		if (readStatus(file)?.pid === process.pid) fs.unlinkSync(file);
	} catch {
		// Somebody else removed it: that is what was wanted.
	}
}

/** Null where there is none that can be trusted: none at all, another user's, or one that says something else. */
export function readStatus(file: string): ServeStatus | null {
	if (judgePrivateFolder(path.dirname(file)) !== null) return null;
	try {
		const found = fs.lstatSync(file);
		const user = process.geteuid?.() ?? found.uid;
		if (!found.isFile() || found.uid !== user || found.size > STATUS_BYTES_MAX) return null;
		return readMessage(status(), fs.readFileSync(file, 'utf8'));
	} catch {
		return null;
	}
}

/** Whether the process that wrote it is still there; a later one with the same number is not. */
export function isServing({ pid, startTicks: ticks }: ServeStatus): boolean {
	return isLiving({ pid, startTicks: ticks });
}

/** Empty where this system does not tell. */
export function ownStartTicks(): string {
	return startTicks(process.pid) ?? '';
}

/** Links followed: what the file is called in every status. */
export function realPath(file: string): string {
	try {
		return fs.realpathSync(file);
	} catch {
		return path.resolve(file);
	}
}
