/** A slot whose workers are shells, which say what the test has them say. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WorkerLink } from '../../src/workers/worker-link.ts';
import { WorkerSlot } from '../../src/workers/worker-slot.ts';
import { RecordingLog } from '../harness/recording-log.ts';
import { until } from '../harness/until.ts';

const test = suite('WorkerSlot');

/** Any: these workers have no use for memory that they share. */
const MEMORY = 2;

function slotOf(words: string, log: RecordingLog, begun: WorkerLink[]): WorkerSlot {
	const script = `printf '{"kind":"ready"}\\n' >&3; printf '${words}\\n' >&3; exec sleep 60`;
	return new WorkerSlot({
		index: 0,
		spec: {
			command: '/bin/sh',
			args: ['-c', script],
			cwd: '/',
			environment: { PATH: process.env.PATH ?? '' },
		},
		memory: MEMORY,
		log,
		begin: async ({ link }) => {
			if (link !== null) begun.push(link);
		},
		onMessage: (_, message) => {
			throw new Error(`nobody is meant by ${message.kind}`);
		},
		onEnd() {},
	});
}

if ('Deno' in globalThis) {
	test('R-25: on Deno there are no workers', async () => {
		const start = slotOf('', new RecordingLog(), []).start();
		assert.ok(await start.catch(() => true));
	});
} else {
	for (const words of ['no message', '{"kind":"of another version"}']) {
		test(`R-25: a worker that says ${words} is ended, and another takes its place`, async () => {
			const log = new RecordingLog();
			const begun: WorkerLink[] = [];
			const slot = slotOf(words, log, begun);
			await slot.start();
			const [first] = begun;
			assert.ok(first);
			assert.is((await first.over).signal, 'SIGKILL');
			const told = log.records.filter(({ fields }) => fields.pid === first.pid);
			assert.ok(
				told.every(({ level }) => level === 'error'),
				JSON.stringify(told),
			);
			await until('another has begun', () => (begun.length > 1 ? true : null));
			await slot.drain(0);
			await slot.end(0);
			for (const { over } of begun) await over;
		});
	}
}

test.run();
