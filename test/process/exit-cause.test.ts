import { setImmediate } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reportLine } from '../../src/contract/edge-report.ts';
import type { ByteSource } from '../../src/engine/pipe.ts';
import { type ExitCause, exitCause, lossError } from '../../src/process/exit-cause.ts';
import { startFailure } from '../../src/process/start-errors.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { StubIsolation } from './stub-isolation.ts';
import { failure, get, lived } from './support.ts';

const test = suite('exit cause');

test('S-28: the first cause stands: what we ended did not crash, and what crashed was not ended', async () => {
	await lived('answers', async ({ instance, log }) => {
		await instance.start();
		await instance.stop(100);
		assert.equal(await instance.ended, { kind: 'stopped' });
		assert.is(log.records.at(-1)?.level, 'info');
	});
	await lived('answers', async ({ instance }) => {
		await instance.start();
		await get('/exit/5');
		await instance.ending;
		await instance.stop(100);
		assert.equal(await instance.ended, { kind: 'exited', code: 5 });
	});
});

test('S-26: the last 20 lines of stderr are kept, long ones clipped', async () => {
	const script = 'seq 1 100 >&2; head -c 5000 /dev/zero | tr "\\0" x >&2; exit 1';
	await using folder = await functionFolder({ bootstrap: script });
	await lived(
		'exits',
		async ({ instance, log }) => {
			await failure(instance.start());
			await instance.ended;
			const lines = log.records[0]?.fields.stderr;
			if (!Array.isArray(lines)) return assert.unreachable();
			assert.is(lines.length, 20);
			assert.is(lines[0], '82');
			assert.is(lines.at(-1)?.length, 1000);
		},
		{ overrides: { codeRoot: folder.path } },
	);
});

test('S-41: an instance that used too much memory is told apart from a crash, with peak and limit', async () => {
	const isolation = new StubIsolation();
	await lived(
		'answers',
		async ({ instance, log }) => {
			await instance.start();
			instance.enter('request-1');
			const memory = { peakBytes: 140 * 1024 * 1024, limitBytes: 128 * 1024 * 1024 };
			isolation.sandbox.exit({ code: null, signal: 'SIGKILL', memory });
			const error = await instance.causeOfLoss();
			assert.is(error.code, 'ERR_FUNCTION_MEMORY');
			assert.ok(error.message.includes('140.0 MB of memory (128.0 MB allowed)'), error.message);
			assert.equal(await instance.ended, { kind: 'over-memory', ...memory });
			const record = await log.record(({ level }) => level === 'error');
			assert.is(record.fields.code, 'ERR_FUNCTION_MEMORY');
			assert.is(record.fields.peakBytes, memory.peakBytes);
			assert.is(record.fields.limitBytes, memory.limitBytes);
			assert.equal(record.fields.requestIds, ['request-1']);
		},
		{ isolation },
	);
});

test('S-41: before it listens, too', async () => {
	const isolation = new StubIsolation();
	isolation.sandbox.readiness = null;
	await lived(
		'answers',
		async ({ instance, log }) => {
			const starting = failure(instance.start());
			isolation.sandbox.exit({ code: null, signal: 'SIGKILL', memory: { peakBytes: 2, limitBytes: 1 } });
			assert.is((await starting).code, 'ERR_FUNCTION_MEMORY');
			const record = await log.record(({ level }) => level === 'error');
			assert.is(record.fields.code, 'ERR_FUNCTION_MEMORY');
		},
		{ isolation },
	);
});

test('X-10: what the host told last is heard before its pipe is closed, which others may hold open', async () => {
	const isolation = new StubIsolation();
	const closed = Promise.withResolvers<void>();
	const report: ByteSource = {
		async *[Symbol.asyncIterator]() {
			// The news of the exit has come by then.
			const isClosed = await Promise.race([closed.promise.then(() => true), setImmediate(false)]);
			if (isClosed) return;
			yield Buffer.from(reportLine({ kind: 'failed', code: 'ERR_EDGE_LOAD', message: 'why' }));
			await closed.promise;
		},
		destroy: closed.resolve,
	};
	Object.assign(isolation.sandbox, { readiness: null, report });
	await lived(
		'answers',
		async ({ instance }) => {
			const starting = failure(instance.start());
			isolation.sandbox.exit({ code: 1, signal: null, memory: null });
			assert.is((await starting).code, 'ERR_EDGE_LOAD');
			await closed.promise;
		},
		{ isolation },
	);
});

test('S-28: every cause has its error, for the request in flight and for the one that waited for the start', () => {
	const error = lossError({ kind: 'deaf', address: 'here' });
	const causes: [ExitCause, string, string][] = [
		[exitCause({ code: 3, signal: null, memory: null }), 'ERR_FUNCTION_EXITED', 'ERR_FUNCTION_INIT_EXITED'],
		[
			exitCause({ code: null, signal: 'SIGSEGV', memory: null }),
			'ERR_FUNCTION_EXITED',
			'ERR_FUNCTION_INIT_EXITED',
		],
		[{ kind: 'deaf', address: 'here' }, 'ERR_FUNCTION_EXITED', 'ERR_FUNCTION_INIT_EXITED'],
		[{ kind: 'init-timeout', error }, error.code, error.code],
		[{ kind: 'start-refused', error }, error.code, error.code],
		[{ kind: 'stopped' }, 'ERR_DRAINING', 'ERR_DRAINING'],
	];
	for (const [cause, inFlight, waiting] of causes) {
		assert.is(lossError(cause).code, inFlight);
		assert.is(startFailure(cause, 'here', []).code, waiting);
	}
});

test.run();
