/** A server of its own, and a user's home whose commands go to it. */
import path from 'node:path';
import * as assert from 'uvu/assert';
import type { SourceResult } from '../../harness/source-process.ts';
import { RunningCommand } from '../running-command.ts';
import { type UserHome, userHome } from './user-home.ts';

export interface ServerBed extends AsyncDisposable {
	readonly home: UserHome;
	/** Runs a command that has to succeed. */
	done(...argv: string[]): Promise<string>;
	fails(...argv: string[]): Promise<SourceResult>;
}

export async function serverBed(): Promise<ServerBed> {
	const home = await userHome();
	const state = path.join(home.path, 'state');
	const argv = [
		'--listen',
		'127.0.0.1:0',
		'--control',
		'127.0.0.1:0',
		'--state',
		state,
		'--log-format',
		'json',
	];
	const server = new RunningCommand(argv, {}, 'serve');
	const { control } = await server.record(({ message }) => message === 'listening');
	await home.httpfn(['login', String(control)]);
	return {
		home,
		async done(...words) {
			const { code, stdout, stderr } = await home.httpfn(words);
			assert.is(code, 0, `${words.join(' ')}: ${stderr}`);
			return stdout;
		},
		fails: (...words) => home.httpfn(words),
		async [Symbol.asyncDispose]() {
			await server[Symbol.asyncDispose]();
			await home[Symbol.asyncDispose]();
		},
	};
}
