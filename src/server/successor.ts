/**
 * A process that is to take over from this one: started with the sockets that this one listens on, and heard until it is ready or
 * has failed. Until it is ready nothing changes here, but for the state folder while it has that.
 */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { errorText } from '../base/error-text.ts';
import { RuntimeError } from '../contract/errors.ts';
import { closePipe, openPipe, type Pipe } from '../engine/pipe.ts';
import { type BareProcess, type ProcessExit, spawnWithDescriptors } from '../process/spawn.ts';
import { type PredecessorMessage, readSuccessorMessage } from './handover-message.ts';
import { type Handover, handoverEnvironment } from './handover-variable.ts';
import { MessageWriter } from './message-writer.ts';
import { pipeLines } from './pipe-lines.ts';

export interface SuccessorOptions {
	/** Absolute path of the executable. */
	readonly file: string;
	/** The words after it. */
	readonly args: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
	/** What this process listens on: `wanted` by the command line, `fd` here. */
	readonly sockets: Handover['sockets'];
	readonly control: Handover['control'];
	readonly timeoutMs: number;
	/** Aborted: it is not to take over. */
	readonly signal: AbortSignal;
	/** Gives the state folder away. Rejects where it can not. */
	readonly lendState: () => Promise<void>;
}

export interface Successor {
	readonly pid: number;
	readonly version: string;
}

/** How long one that was asked to end may take. */
const END_MS_MAX = 1000;
const FIRST_FD = 3;

/** Resolves when it accepts. Rejects with ERR_UPGRADE_FAILED in its own words where it has any, and it has ended then. */
export async function startSuccessor(options: SuccessorOptions): Promise<Successor> {
	const [down, up] = [openPipe(), openPipe()];
	if (down === null || up === null) {
		for (const pipe of [down, up]) if (pipe !== null) closePipe(pipe);
		throw failed('this system gives no pipes to talk to it by');
	}
	const child = await spawn(options, down, up);
	// Until this process ends: that it closes is how the other knows.
	const writer = new MessageWriter<PredecessorMessage>(down.writeFd);
	const over = Promise.withResolvers<never>();
	const late = failed(`it was not ready within ${options.timeoutMs / 1000} s`);
	const timer = setTimeout(over.reject, options.timeoutMs, late);
	const cancel = () => over.reject(failed('it is not to any more'));
	options.signal.addEventListener('abort', cancel);
	if (options.signal.aborted) cancel();
	try {
		const version = await Promise.race([hear(up.readFd, child, options, writer), over.promise]);
		return { pid: child.pid, version };
	} catch (error) {
		await end(child);
		writer.close();
		throw error;
	} finally {
		clearTimeout(timer);
		options.signal.removeEventListener('abort', cancel);
	}
}

async function spawn(options: SuccessorOptions, down: Pipe, up: Pipe): Promise<BareProcess> {
	const { file, args, sockets, control } = options;
	const renumbered = sockets.map((socket, index) => ({ ...socket, fd: FIRST_FD + index }));
	const read = FIRST_FD + sockets.length;
	const told: Handover = { sockets: renumbered, control, read, write: read + 1 };
	const spec = {
		command: file,
		args,
		cwd: workingFolder(),
		environment: handoverEnvironment(options.environment, told),
	};
	try {
		return await spawnWithDescriptors(spec, [
			0,
			1,
			2,
			...sockets.map(({ fd }) => fd),
			down.readFd,
			up.writeFd,
		]);
	} catch (error) {
		fs.closeSync(down.writeFd);
		fs.closeSync(up.readFd);
		throw failed(errorText(error));
	} finally {
		fs.closeSync(down.readFd);
		fs.closeSync(up.writeFd);
	}
}

/** Its version, when it is ready. */
async function hear(
	fd: number,
	child: BareProcess,
	{ lendState }: SuccessorOptions,
	writer: MessageWriter<PredecessorMessage>,
): Promise<string> {
	for await (const line of pipeLines(fd)) {
		const message = readSuccessorMessage(line);
		switch (message?.kind) {
			case undefined:
				throw failed(`it said ${JSON.stringify(line.slice(0, 200))}, which this httpfn does not understand`);
			case 'ready':
				return message.version;
			case 'failed':
				throw failed(`${message.code}: ${message.message}`);
			case 'state':
				writer.tell({ kind: 'state', problem: await lendState().then(() => null, errorText) });
				break;
			default:
				message satisfies never;
		}
	}
	throw failed(`it ended before it was ready (${exitText(await child.exited)}); the log has what it said`);
}

async function end({ pid, exited }: BareProcess): Promise<void> {
	const signal = (name: NodeJS.Signals): void => {
		try {
			process.kill(pid, name);
		} catch {
			// It has ended.
		}
	};
	signal('SIGTERM');
	const timer = setTimeout(() => signal('SIGKILL'), END_MS_MAX);
	await exited;
	clearTimeout(timer);
}

function exitText({ code, signal }: ProcessExit): string {
	return signal === null ? `exit code ${code}` : signal;
}

function workingFolder(): string {
	try {
		return process.cwd();
	} catch {
		return path.parse(process.execPath).root;
	}
}

function failed(problem: string): RuntimeError {
	return new RuntimeError(
		'ERR_UPGRADE_FAILED',
		`The new httpfn could not take over: ${problem}; the one before goes on`,
	);
}
