import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { namespaceSupport } from '../../src/isolation/namespace-support.ts';
import { planRoot } from '../../src/isolation/root-plan.ts';

const test = suite('root files');

test('I-124: the root of instances is made, and read-only, while a file on it is open for writing elsewhere', async () => {
	const support = namespaceSupport(process.env);
	if ('Deno' in globalThis) return assert.is(support.kind, 'unsupported');
	if (support.kind !== 'supported') throw new Error('run the tests as root, with util-linux installed');
	const thread = new Worker(new URL('./root-files-thread.ts', import.meta.url), {
		workerData: planRoot({ expose: [], hide: [] }, '/usr/bin:/bin'),
		trackUnmanagedFds: false,
	});
	const [outcome] = await once(thread, 'message');
	assert.equal(outcome, { made: true, writeCode: 'EROFS' });
	await thread.terminate();
});

test.run();
