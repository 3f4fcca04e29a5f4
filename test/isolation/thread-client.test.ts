import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ThreadClient } from '../../src/isolation/thread-client.ts';

const test = suite('ThreadClient');

/** A thread that answers when it is told to, and whether it holds the process. */
class FakeThread extends EventEmitter {
	holds = true;
	readonly calls: { readonly call: string; readonly number: number }[] = [];
	readonly ended = Promise.withResolvers<void>();

	ref(): void {
		this.holds = true;
	}

	unref(): void {
		this.holds = false;
	}

	postMessage(call: { readonly call: string; readonly number: number }): void {
		this.calls.push(call);
		if (call.call === 'close') this.answer('close');
	}

	/** As Worker's own does, it holds the process until the thread has ended. */
	terminate(): Promise<void> {
		this.ref();
		return this.ended.promise;
	}

	answer(name: string): void {
		const number = this.calls.find(({ call }) => call === name)?.number;
		queueMicrotask(() => this.emit('message', { kind: 'answer', number, value: null }));
	}
}

test('I-120: a thread that still answers while it is being ended keeps the process until it has ended', async () => {
	const thread = new FakeThread();
	const client = new ThreadClient(() => {}, thread as unknown as Worker);
	const call = client.call('kill', { id: 1 });
	assert.ok(thread.holds);
	const closed = client.close();
	await new Promise((resolve) => setImmediate(resolve));
	thread.answer('kill');
	await call;
	assert.ok(thread.holds);
	thread.ended.resolve();
	await closed;
});

test.run();
