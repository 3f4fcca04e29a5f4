/** Who may call a control plane that other machines reach. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runBinary } from '../harness/binary.ts';
import { ANY_KEYS, ControlClient, type Keys } from '../harness/control-client.ts';
import { DeployedHost } from '../harness/deployed-host.ts';

const test = suite('credentials of the control plane');

const EVERYWHERE = '0.0.0.0:0';

async function addUser(state: string, name: string, rights: string): Promise<Keys> {
	const argv = ['user', 'add', name, '--rights', rights, '--state', state, '--json'];
	return JSON.parse((await runBinary(argv)).stdout);
}

async function refusal(client: ControlClient, method: string, path: string, body?: object): Promise<string> {
	const { status, code } = await client.call(method, path, body);
	return `${status} ${code}`;
}

test('E-140: a control plane that others reach starts with users only, and takes nothing but what they signed and may do', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'httpfn-credentials-'));
	try {
		const stateFolder = join(folder, 'state');
		const argv = [
			'serve',
			'--listen',
			'127.0.0.1:0',
			'--control',
			EVERYWHERE,
			'--state',
			stateFolder,
			'--json',
		];
		const refused = await runBinary(argv);
		assert.equal([refused.code, refused.stdout], [1, '']);
		assert.match(refused.stderr, 'ERR_CREDENTIALS_MISSING');

		const ada = await addUser(stateFolder, 'ada', 'read,deploy,invoke');
		const reader = await addUser(stateFolder, 'reader', 'read');
		await using host = await DeployedHost.start({ stateFolder, listenControl: EVERYWHERE });
		// Another address than the one it tells.
		const origin = host.control.replace('127.0.0.1', '127.0.0.2');
		const as = (keys: Keys | null) => new ControlClient(origin, keys);

		const all = 'fgs/functions';
		assert.is(await refusal(as(null), 'GET', all), '401 FSS.0401');
		assert.is(await refusal(as(ANY_KEYS), 'GET', all), '401 FSS.0401');
		assert.is(await refusal(as({ ...ada, secretKey: reader.secretKey }), 'GET', all), '401 FSS.0401');
		const before = await readdir(join(stateFolder, 'packages'));
		const created = await as(reader).create('mine', 'mine');
		assert.equal([created.status, created.code], [403, 'FSS.0403']);
		assert.equal(await readdir(join(stateFolder, 'packages')), before, 'nothing of it is kept');
		assert.is((await as(ada).create('mine', 'mine')).status, 200);
		assert.is((await as(reader).call('GET', all)).body.functions.length, 1);
		const one = `${all}/${as(null).urn('mine')}`;
		assert.is(await refusal(as(reader), 'DELETE', one), '403 FSS.0403');
		const event = { httpMethod: 'GET', path: '/', headers: {} };
		assert.is(await refusal(as(reader), 'POST', `${one}/invocations`, event), '403 FSS.0403');
		assert.is((await as(ada).call('POST', `${one}/invocations`, event)).status, 200);
		const { code } = await runBinary(['user', 'remove', 'reader', '--state', stateFolder, '--json']);
		assert.is(code, 0);
		assert.is(await refusal(as(reader), 'GET', all), '401 FSS.0401', 'a user that is gone');
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
});

test.run();
