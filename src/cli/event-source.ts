/** The bytes of an event, readable more than once and in parts, so that a large one need not be in memory. */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { RuntimeError } from '../contract/errors.ts';

const CHUNK_BYTES = 64 * 1024;

export interface EventSource {
	/** Bytes `from` (0) up to, and without, `to` (the end). */
	read(from?: number, to?: number): AsyncIterable<Uint8Array>;
	close(): Promise<void>;
}

export function eventFromBytes(bytes: Uint8Array): EventSource {
	return {
		async *read(from = 0, to = bytes.byteLength) {
			yield bytes.subarray(from, to);
		},
		close: async () => {},
	};
}

/** Opens a file, or standard input for `-`. What can be read only once is copied to a temporary file first. */
export async function openEventSource(name: string, workingFolder: string): Promise<EventSource> {
	if (name === '-') return fromHandle(await spool(process.stdin));
	const file = path.resolve(workingFolder, name);
	try {
		const handle = await fs.open(file, 'r');
		const status = await handle.stat();
		if (status.isFile()) return fromHandle(handle);
		if (!status.isDirectory()) return fromHandle(await spool(handle.createReadStream()));
		await handle.close();
	} catch (error) {
		const { code = 'unreadable' } = error as NodeJS.ErrnoException;
		throw new RuntimeError(
			'ERR_USAGE',
			`--event: cannot read ${JSON.stringify(file)} (${code}), wanted a file`,
			{
				cause: error,
			},
		);
	}
	throw new RuntimeError('ERR_USAGE', `--event: found the folder ${JSON.stringify(file)}, wanted a file`);
}

function fromHandle(handle: fs.FileHandle): EventSource {
	return {
		async *read(from = 0, to = Number.POSITIVE_INFINITY) {
			let position = from;
			while (position < to) {
				const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, to - position));
				const { bytesRead } = await handle.read(chunk, 0, chunk.byteLength, position);
				if (bytesRead === 0) return;
				position += bytesRead;
				yield chunk.subarray(0, bytesRead);
			}
		},
		close: () => handle.close(),
	};
}

/** The file has no name any more when this resolves: the system frees it with its descriptor. */
async function spool(input: AsyncIterable<Uint8Array>): Promise<fs.FileHandle> {
	const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'httpfn-event-'));
	try {
		const handle = await fs.open(path.join(folder, 'event.json'), 'wx+', 0o600);
		for await (const chunk of input) await handle.appendFile(chunk);
		return handle;
	} finally {
		await fs.rm(folder, { recursive: true, force: true });
	}
}
