/** Two servers and one state folder. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runBinary } from '../harness/binary.ts';
import { DeployedHost } from '../harness/deployed-host.ts';

const test = suite('a second server');

test('E-150: a second server on a state folder ends before it listens, and names the process that has it', async () => {
	await using first = await DeployedHost.start();
	const ports = ['--listen', '127.0.0.1:0', '--control', '127.0.0.1:0'];
	const second = await runBinary(['serve', ...ports, '--state', first.stateFolder, '--json']);
	assert.is(second.code, 1);
	assert.is(second.stdout, '');
	const { code, message } = JSON.parse(second.stderr) as { code: string; message: string };
	assert.is(code, 'ERR_STATE_IN_USE');
	assert.match(message, `process ${first.running.pid} `);
});

test.run();
