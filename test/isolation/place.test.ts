import { readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { namespaceSupport } from '../../src/isolation/namespace-support.ts';
import { planRoot } from '../../src/isolation/root-plan.ts';
import { ThreadClient } from '../../src/isolation/thread-client.ts';
import { descendantsOf, isAlive } from '../harness/process-tree.ts';

const test = suite('Place');

const ROOT = planRoot({ expose: [], hide: [] }, '/usr/bin:/bin');
const FAULTS = [
	{ what: 'tools that fail', tools: { unshare: '/bin/false' }, root: ROOT },
	{ what: 'a root without /dev/shm', tools: {}, root: { ...ROOT, hidden: ['/dev'] } },
];

for (const { what, tools, root } of FAULTS) {
	test(`I-122: places that can not be made leave no descriptor and no process: ${what}`, async () => {
		const support = namespaceSupport(process.env);
		if ('Deno' in globalThis) return assert.is(support.kind, 'unsupported');
		if (support.kind !== 'supported') throw new Error('run the tests as root, with util-linux installed');
		const thread = new ThreadClient(() => {});
		const plan = {
			key: 'places',
			root,
			tools: { ...support.tools, ...tools },
			limits: { descriptorsMax: 256, processesMax: null },
			born: {},
			privileged: support.privileged,
		};
		const openAfterFailure = async (): Promise<number> => {
			assert.is(await thread.call('make', plan).catch(({ name }) => name), 'ThreadFailure');
			return readdirSync('/proc/self/fd').length;
		};
		// The root stays.
		const first = await openAfterFailure();
		for (let tries = 0; tries < 3; tries += 1) assert.is(await openAfterFailure(), first);
		assert.equal(descendantsOf(process.pid).filter(isAlive), []);
		await thread.close();
	});
}

test.run();
