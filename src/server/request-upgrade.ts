/** The side of `httpfn upgrade`: finds the httpfn that serves, and asks it. */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { runtimeFolder } from '../config/runtime-folder.ts';
import { RuntimeError } from '../contract/errors.ts';
import { nodeNet } from '../engine/late-builtins.ts';
import { environmentValue } from '../process/process-table.ts';
import { realPath } from './serve-status.ts';
import { readAnswer, type UpgradeAnswer, type UpgradeQuestion } from './upgrade-message.ts';
import { upgradeSocket } from './upgrade-point.ts';

export type Status = Extract<UpgradeAnswer, { kind: 'status' }>;

export interface Found {
	readonly socket: string;
	readonly status: Status;
}

/** Which one is meant, where there are several. */
export interface Which {
	readonly pid: number | null;
	/** Of `serve`. */
	readonly config: string | null;
}

const STATUS_MS_MAX = 5000;

type Variables = Readonly<Record<string, string>>;

/** Rejects with ERR_NOT_RUNNING where none is found, or more than one could be meant. */
export async function findServing(environment: Variables, { pid, config }: Which): Promise<Found> {
	const sockets = pid === null ? socketsIn(runtimeFolder(environment)) : socketsOf(pid, environment);
	const answers = await Promise.all(sockets.map(statusOf));
	const found = answers
		.filter((answer) => answer !== null)
		.filter(({ status }) => pid === null || status.pid === pid)
		.filter(({ status }) => config === null || status.config === realPath(config));
	const [first, ...others] = found;
	if (first === undefined) throw notRunning(pid, config, runtimeFolder(environment));
	if (others.length === 0 || pid !== null) return first;
	const list = found.map(
		({ status }) => `${status.pid}${status.config === null ? '' : ` (${status.config})`}`,
	);
	throw new RuntimeError(
		'ERR_NOT_RUNNING',
		`Could not tell which httpfn is meant: found ${found.length} that serve, ${list.join(', ')}; wanted --pid or --config with one of them`,
	);
}

/** The answer to a question. Rejects with ERR_UPGRADE_FAILED where none comes within `timeoutMs`. */
export function askServing(
	socket: string,
	question: UpgradeQuestion,
	timeoutMs: number,
): Promise<UpgradeAnswer> {
	return new Promise((resolve, reject) => {
		const fail = (problem: string) =>
			reject(new RuntimeError('ERR_UPGRADE_FAILED', `The httpfn that serves gave no answer: ${problem}`));
		const connection = nodeNet().connect({ path: socket });
		const timer = setTimeout(
			() => connection.destroy(new Error(`none within ${timeoutMs / 1000} s`)),
			timeoutMs,
		);
		let text = '';
		connection.setEncoding('utf8');
		connection.once('connect', () => connection.write(`${JSON.stringify(question)}\n`));
		connection.on('data', (part: string) => {
			text += part;
		});
		connection.once('error', (error) => fail(error.message));
		connection.once('close', () => {
			clearTimeout(timer);
			const answer = readAnswer(text.trim());
			if (answer === null) fail(text === '' ? 'it ended' : 'it says what this httpfn does not understand');
			else resolve(answer);
		});
	});
}

async function statusOf(socket: string): Promise<Found | null> {
	try {
		const status = await askServing(socket, { kind: 'status' }, STATUS_MS_MAX);
		return status.kind === 'status' ? { socket, status } : null;
	} catch {
		// It was killed, and left its socket.
		return null;
	}
}

function socketsIn(folder: string): string[] {
	try {
		return fs
			.readdirSync(folder)
			.filter((name) => /^\d+\.sock$/.test(name))
			.map((name) => path.join(folder, name));
	} catch {
		return [];
	}
}

/** Where that process has it: root looks after those of others too, and a service may have a /tmp of its own. */
function socketsOf(pid: number, environment: Variables): string[] {
	const folders = [runtimeFolder(environment)];
	const given = environmentValue(pid, 'XDG_RUNTIME_DIR');
	const owner = ownerOf(pid);
	if (given !== null) folders.push(runtimeFolder({ XDG_RUNTIME_DIR: given }));
	if (owner !== null) folders.push(owner === 0 ? '/run/httpfn' : `/tmp/httpfn-${owner}`);
	const seen = [...new Set(folders)].map((folder) => upgradeSocket(folder, pid));
	return [...seen, ...seen.map((file) => `/proc/${pid}/root${file}`)].filter((file) => fs.existsSync(file));
}

function ownerOf(pid: number): number | null {
	try {
		return fs.statSync(`/proc/${pid}`).uid;
	} catch {
		return null;
	}
}

function notRunning(pid: number | null, config: string | null, folder: string): RuntimeError {
	const wanted = config === null ? 'a running httpfn run or serve' : `a running httpfn serve of ${config}`;
	const looked = pid === null ? `none in ${folder}` : `none that process ${pid} answers on`;
	const user = process.geteuid?.() === 0 ? '' : ' of this user';
	return new RuntimeError('ERR_NOT_RUNNING', `Could not upgrade: found ${looked}, wanted ${wanted}${user}`);
}
