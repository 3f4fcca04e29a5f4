import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startFunction } from '../harness/binary.ts';
import { exchange } from '../harness/exchange.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { until } from '../harness/until.ts';
import { askUpgrade, isThere, servedBy, successorOf } from '../harness/upgraded.ts';

/** Gets ready no more once there is a file of that name. */
const STUCK = `if [ -e $RUNTIME_CODE_ROOT/stuck ]; then exec sleep 60; fi
exec python3 -m http.server --bind 127.0.0.1 8000
`;

const test = suite('an upgrade that is stopped');

test('V-37: where it is told to stop while another is about to take over, neither goes on', async () => {
	await using stuck = await functionFolder({ bootstrap: STUCK });
	const argv = ['--isolation', 'namespace', '--reserved', '1'];
	await using running = await startFunction(stuck.path, argv);
	assert.is((await exchange(running.url)).status, 200);
	await writeFile(join(stuck.path, 'stuck'), '');
	const asked = askUpgrade(running.pid);
	const successor = await until('the new process is there', () => successorOf(running.pid));
	await using served = servedBy(running);
	served.pid = successor;
	assert.is((await running.stop()).code, 0, running.logText);
	assert.is(isThere(successor), false);
	const told = await asked;
	assert.is(told.code, 1, told.stdout);
	assert.is((JSON.parse(told.stderr) as { code: string }).code, 'ERR_UPGRADE_FAILED');
});

test.run();
