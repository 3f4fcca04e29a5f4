import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RuntimeError } from '../../src/contract/errors.ts';
import { spawnProcess } from '../../src/process/spawn.ts';

const test = suite('spawn');

test('S-27: a program that is missing is reported with the error of the system as its cause', async () => {
	const spec = { command: '/nonexistent/bash', args: ['bootstrap'], cwd: '/', environment: {} };
	try {
		await spawnProcess(spec, null);
		assert.unreachable();
	} catch (error) {
		assert.instance(error, RuntimeError);
		const { code, cause, message } = error as RuntimeError;
		assert.is(code, 'ERR_SPAWN_FAILED');
		assert.is((cause as NodeJS.ErrnoException).code, 'ENOENT');
		assert.ok(message.includes('/nonexistent/bash'), message);
	}
});

test('S-12: an exit is reported with its code, or with its signal', async () => {
	const spec = { command: '/bin/bash', cwd: '/', environment: {} };
	const exited = await spawnProcess({ ...spec, args: ['-c', 'exit 9'] }, null);
	assert.equal(await exited.exited, { code: 9, signal: null });
	const signaled = await spawnProcess({ ...spec, args: ['-c', 'kill -SEGV $$'] }, null);
	assert.equal(await signaled.exited, { code: null, signal: 'SIGSEGV' });
});

test.run();
