/**
 * Where `httpfn upgrade` reaches a running httpfn: a Unix socket in the runtime folder, named by the process. Only its user and root can
 * open that folder.
 */
import path from 'node:path';
import process from 'node:process';
import { errorText } from '../base/error-text.ts';
import { openPrivateFolder } from '../catalog/private-folder.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { Connection, ConnectionHandler } from '../engine/connection.ts';
import type { Listener } from '../engine/listener.ts';
import { listen } from '../engine/sockets.ts';
import { readQuestion, type UpgradeAnswer, type UpgradeQuestion } from './upgrade-message.ts';

/** Of a question, and of questions that wait: whoever is on the other side is no stranger. */
const QUESTION_BYTES_MAX = 64 * 1024;
const BACKLOG = 16;

/** Rejects with a RuntimeError. */
export type AnswerUpgrade = (question: UpgradeQuestion) => Promise<UpgradeAnswer>;

export function upgradeSocket(runtimeFolder: string, pid: number): string {
	return path.join(runtimeFolder, `${pid}.sock`);
}

/** Rejects with an Error that says why it can not be had. */
export async function openUpgradePoint(runtimeFolder: string, answer: AnswerUpgrade): Promise<Listener> {
	const problem = openPrivateFolder(runtimeFolder);
	if (problem !== null) throw new Error(problem);
	const at = { kind: 'unix', path: upgradeSocket(runtimeFolder, process.pid) } as const;
	return listen({ at, backlog: BACKLOG }, (connection) => new Questioner(connection, answer));
}

class Questioner implements ConnectionHandler {
	readonly #connection: Connection;
	readonly #answer: AnswerUpgrade;
	#text = '';
	#asked = false;

	constructor(connection: Connection, answer: AnswerUpgrade) {
		this.#connection = connection;
		this.#answer = answer;
	}

	onData(bytes: Buffer): void {
		if (this.#asked) return;
		this.#text += bytes.toString('utf8');
		const end = this.#text.indexOf('\n');
		if (end < 0 && this.#text.length <= QUESTION_BYTES_MAX) return;
		this.#asked = true;
		void this.#reply(this.#text.slice(0, Math.max(0, end)));
	}

	onDrain(): void {}

	onEnd(): void {
		if (!this.#asked) this.#connection.destroy();
	}

	onClose(): void {
		this.#asked = true;
	}

	async #reply(line: string): Promise<void> {
		const question = readQuestion(line);
		const answer =
			question === null
				? failure(new RuntimeError('ERR_UPGRADE_FAILED', 'this httpfn does not understand what it was asked'))
				: await this.#answer(question).catch(failure);
		this.#connection.write(Buffer.from(`${JSON.stringify(answer)}\n`));
		this.#connection.end();
	}
}

function failure(error: unknown): UpgradeAnswer {
	const code = error instanceof RuntimeError ? error.code : 'ERR_INTERNAL';
	return { kind: 'failed', code, message: errorText(error) };
}
