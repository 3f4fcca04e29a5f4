/**
 * A real browser without a window, spoken to by its DevTools protocol: JSON messages that end in a zero byte, over two pipes, so no
 * port is open to anybody else.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';

const BROWSER = 'chromium-headless-shell';

interface Message {
	readonly id?: number;
	readonly method?: string;
	readonly params?: unknown;
	readonly result?: unknown;
	readonly error?: { readonly message: string };
}

interface Waiting {
	readonly resolve: (result: unknown) => void;
	readonly reject: (error: Error) => void;
}

export interface BrowserEvent {
	readonly method: string;
	readonly params: unknown;
}

/** One tab. */
export class Browser {
	/** What the tab has told since it was opened. */
	readonly events: BrowserEvent[] = [];
	readonly #child: ChildProcess;
	readonly #profile: string;
	readonly #requests: Writable;
	readonly #waiting = new Map<number, Waiting>();
	readonly #listeners = new Map<string, () => void>();
	#session: string | undefined;
	#lastId = 0;
	#read = '';

	static async open(): Promise<Browser> {
		const browser = new Browser();
		const { targetId } = await browser.call<{ targetId: string }>('Target.createTarget', {
			url: 'about:blank',
		});
		const attached = { targetId, flatten: true };
		const { sessionId } = await browser.call<{ sessionId: string }>('Target.attachToTarget', attached);
		browser.#session = sessionId;
		for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await browser.call(`${domain}.enable`);
		return browser;
	}

	private constructor() {
		this.#profile = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-browser-'));
		// Root may not have Chromium's own sandbox; what is opened here are files of the tests alone.
		const argv = [
			'--no-sandbox',
			'--disable-gpu',
			'--remote-debugging-pipe',
			`--user-data-dir=${this.#profile}`,
		];
		this.#child = spawn(BROWSER, argv, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
		this.#child.once('error', (error) => this.#fail(error));
		this.#child.once('exit', (code) => this.#fail(new Error(`${BROWSER} ended with ${code}`)));
		this.#requests = this.#child.stdio[3] as Writable;
		this.#requests.on('error', (error) => this.#fail(error));
		(this.#child.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => this.#take(text));
	}

	/** A command of the protocol. Rejects with an Error that holds the browser's words. */
	call<T>(method: string, params: object = {}): Promise<T> {
		this.#lastId += 1;
		const id = this.#lastId;
		const session = this.#session === undefined ? {} : { sessionId: this.#session };
		return new Promise<T>((resolve, reject) => {
			this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
			this.#requests.write(`${JSON.stringify({ id, method, params, ...session })}\0`);
		});
	}

	/** Resolves when the page has loaded. */
	async goTo(url: string): Promise<void> {
		const loaded = new Promise<void>((resolve) => this.#listeners.set('Page.loadEventFired', resolve));
		await this.call('Page.navigate', { url });
		await loaded;
	}

	/** The value of an expression in the page. */
	async evaluate<T>(expression: string): Promise<T> {
		const found = await this.call<{ result: { value: T }; exceptionDetails?: { text: string } }>(
			'Runtime.evaluate',
			{ expression, returnByValue: true },
		);
		if (found.exceptionDetails !== undefined) throw new Error(JSON.stringify(found.exceptionDetails));
		return found.result.value;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#session = undefined;
		const ended = this.#child.exitCode === null ? once(this.#child, 'exit') : null;
		this.call('Browser.close').catch(() => this.#child.kill('SIGKILL'));
		await ended;
		fs.rmSync(this.#profile, { recursive: true, force: true });
	}

	#take(text: string): void {
		const messages = (this.#read + text).split('\0');
		this.#read = messages.pop() ?? '';
		for (const message of messages) this.#handle(JSON.parse(message) as Message);
	}

	#handle({ id, method, params, result, error }: Message): void {
		if (id === undefined) {
			this.events.push({ method: method ?? '', params });
			this.#listeners.get(method ?? '')?.();
			return;
		}
		const waiting = this.#waiting.get(id);
		this.#waiting.delete(id);
		if (error === undefined) waiting?.resolve(result);
		else waiting?.reject(new Error(error.message));
	}

	#fail(error: Error): void {
		for (const waiting of this.#waiting.values()) waiting.reject(error);
		this.#waiting.clear();
	}
}
