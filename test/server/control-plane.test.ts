import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SharedBudget } from '../../src/base/shared-budget.ts';
import { Catalog } from '../../src/catalog/catalog.ts';
import { ControlPlane } from '../../src/server/control-plane.ts';
import { RecordingLog } from '../harness/recording-log.ts';
import { CountingIsolation } from './deployed-bed.ts';

const test = suite<{ folder: string }>('ControlPlane');

test.before.each((context) => {
	context.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'httpfn-control-'));
});
test.after.each(({ folder }) => fs.rmSync(folder, { recursive: true }));

test('V-35: what is taken back while it is given away is its own, and its API answers', async ({
	folder,
}) => {
	const log = new RecordingLog();
	const control = ControlPlane.open({
		settings: { listen: { host: '127.0.0.1', port: 0 }, stateFolder: path.join(folder, 'state'), hide: [] },
		...{ isolation: new CountingIsolation(), hostEnvironment: {}, log, functionLog: () => log },
		...{ gatewayUrl: () => 'http://x', waiting: new SharedBudget(1), secure: false, takesOver: null },
		front: { catalog: null, requestNames: null },
	});
	const url = await control.listen();
	try {
		const lending = control.lend(1000);
		await control.takeBack();
		await lending;
		assert.is((await fetch(url)).status, 404);
		assert.throws(
			() => Catalog.open(path.join(folder, 'state')),
			({ code }: { code: string }) => code === 'ERR_STATE_IN_USE',
		);
	} finally {
		await control.drain(0);
		await control.endFunctions(0);
		control.close();
	}
});

test.run();
