/** The calls that Terraform's provider makes for a function and for a trigger, in its order, signed by keys of a user. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runBinary } from '../harness/binary.ts';
import { type Called, ControlClient, codeOf } from '../harness/control-client.ts';
import { DeployedHost } from '../harness/deployed-host.ts';
import { exchange } from '../harness/exchange.ts';

const test = suite('Terraform against the executable');

const NAME = 'planned';

async function signedClient(host: DeployedHost): Promise<ControlClient> {
	const { stdout } = await runBinary(['user', 'add', 'tf', '--state', host.stateFolder, '--json']);
	return new ControlClient(host.control, JSON.parse(stdout));
}

async function expected(status: number, call: Promise<Called>): Promise<Called['body']> {
	const answer = await call;
	assert.is(answer.status, status, JSON.stringify(answer.body));
	return answer.body;
}

/** What a plan says of a function; the provider sends all of it with each change. */
function planned(description: string): object {
	return {
		...{
			func_name: NAME,
			package: 'default',
			runtime: 'http',
			handler: 'bootstrap',
			timeout: 15,
			memory_size: 256,
		},
		...{ description, user_data: '{"STAGE":"test"}', encrypted_user_data: '{"SECRET":"hush"}' },
		...{ xrole: '', app_xrole: '', enterprise_project_id: '0' },
	};
}

/** Returns the URN without a version, as the provider keeps it. */
async function createFunction(client: ControlClient): Promise<string> {
	const body = { ...planned('first'), ...(await codeOf('first')) };
	const created = await expected(200, client.call('POST', 'fgs/functions', body));
	const urn = String(created.func_urn).replace(/:latest$/, '');
	assert.is(urn, client.urn(NAME));
	const one = `fgs/functions/${urn}`;
	const config = { ...planned('first'), enable_auth_in_header: true, ephemeral_storage: 512 };
	const strategy_config = { concurrency: 10, concurrent_num: 5 };
	await expected(200, client.call('PUT', `${one}/config`, { ...config, strategy_config }));
	await expected(200, client.call('PUT', `${one}/config-max-instance`, { max_instance_num: 20 }));
	const tags = [{ key: 'team', value: 'red' }];
	await expected(204, client.call('POST', `functions/${urn}/tags/create`, { tags }));
	const version = { version: 'v1', description: 'the first' };
	await expected(200, client.call('POST', `${one}/versions`, version));
	const alias = { name: 'prod', version: 'v1', description: 'what is live' };
	await expected(200, client.call('POST', `${one}/aliases`, alias));
	const reserved = { count: 1, idle_mode: false };
	await expected(200, client.call('PUT', `${one}:!prod/reservedinstances`, reserved));
	return urn;
}

/** What the provider reads to compare it with the plan; it adds what it got to the marker, and asks until a page is empty. */
async function readFunction(client: ControlClient, urn: string): Promise<Record<string, unknown>> {
	const one = `fgs/functions/${urn}`;
	const config = await expected(200, client.call('GET', `${one}/config`));
	await client.call('GET', `${one}/lts-log-detail`);
	const { versions } = await expected(200, client.call('GET', `${one}/versions`));
	const aliases = await expected(200, client.call('GET', `${one}/aliases`));
	const { tags } = await expected(200, client.call('GET', `functions/${urn}/tags`));
	const reserved: string[] = [];
	for (;;) {
		const query = `function_urn=${urn}&limit=100&marker=${reserved.length}`;
		const page = await expected(200, client.call('GET', `fgs/functions/reservedinstanceconfigs?${query}`));
		if (page.reserved_instances.length === 0) break;
		for (const { qualifier_type: type, qualifier_name: name, min_count: count } of page.reserved_instances)
			reserved.push(`${type} ${name} ${count}`);
	}
	return {
		description: config.description,
		userData: config.user_data,
		memory: config.memory_size,
		instances: config.strategy_config.concurrency,
		requests: config.strategy_config.concurrent_num,
		authInHeader: config.enable_auth_in_header,
		versions: versions.map(({ version }: { version: string }) => version).sort(),
		aliases: aliases.map(({ name, version }: { name: string; version: string }) => `${name} ${version}`),
		tags,
		reserved,
	};
}

async function updateFunction(client: ControlClient, urn: string): Promise<void> {
	const one = `fgs/functions/${urn}`;
	await expected(200, client.call('PUT', `${one}/code`, await codeOf('second')));
	await expected(200, client.call('PUT', `${one}/config`, planned('second')));
	await expected(200, client.call('PUT', `${one}/config-max-instance`, { max_instance_num: -1 }));
	const tags = [{ key: 'team', value: 'red' }];
	await expected(204, client.call('DELETE', `functions/${urn}/tags/delete`, { tags }));
	await expected(
		204,
		client.call('POST', `functions/${urn}/tags/create`, { tags: [{ key: 'team', value: 'blue' }] }),
	);
	await expected(200, client.call('POST', `${one}/versions`, { version: 'v2' }));
	await expected(200, client.call('PUT', `${one}/aliases/prod`, { version: 'v2' }));
	const none = { count: 0, idle_mode: false };
	await expected(200, client.call('PUT', `${one}:!prod/reservedinstances`, none));
}

async function ask(host: DeployedHost, invokeUrl: string): Promise<readonly [number, string]> {
	const { origin, host: name, path } = host.trigger(invokeUrl);
	const { status, text } = await exchange(origin, { target: path, headers: { host: name } });
	return [status, status === 200 ? text : ''];
}

test('E-137: a function resource of Terraform is created, read, updated and deleted as its plan says', async () => {
	await using host = await DeployedHost.start();
	const client = await signedClient(host);
	const urn = await createFunction(client);
	assert.equal(await readFunction(client, urn), {
		description: 'first',
		userData: '{"STAGE":"test"}',
		memory: 256,
		instances: 20,
		requests: 5,
		authInHeader: true,
		versions: ['latest', 'v1'],
		aliases: ['prod v1'],
		tags: [{ key: 'team', value: 'red' }],
		reserved: ['alias prod 1'],
	});
	await updateFunction(client, urn);
	assert.equal(await readFunction(client, urn), {
		description: 'second',
		userData: '{"STAGE":"test"}',
		memory: 256,
		instances: -1,
		requests: 5,
		authInHeader: true,
		versions: ['latest', 'v1', 'v2'],
		aliases: ['prod v2'],
		tags: [{ key: 'team', value: 'blue' }],
		reserved: [],
	});
	await expected(204, client.call('DELETE', `fgs/functions/${urn}`));
	const gone = await client.call('GET', `fgs/functions/${urn}/config`);
	assert.equal([gone.status, gone.code], [404, 'FSS.1051']);
	const again = await client.call('DELETE', `fgs/functions/${urn}`);
	assert.equal([again.status, again.code], [404, 'FSS.1051']);
});

test('E-138: a trigger resource of Terraform is created, read, updated by an event_data object and deleted, and answers meanwhile', async () => {
	await using host = await DeployedHost.start();
	const client = await signedClient(host);
	await client.create(NAME, 'here');
	const all = `fgs/triggers/${client.urn(NAME)}`;
	const data = {
		...{
			group_id: 'c'.repeat(32),
			env_id: 'e',
			env_name: 'RELEASE',
			auth: 'NONE',
			protocol: 'HTTPS',
			name: 'api',
		},
		...{
			path: '/one',
			match_mode: 'SWA',
			req_method: 'ANY',
			backend_type: 'FUNCTION',
			type: 1,
			sl_domain: '',
		},
		func_info: { timeout: 5000 },
	};
	const made = await expected(201, client.call('POST', all, { trigger_type_code: 'APIG', event_data: data }));
	const one = `${all}/APIG/${made.trigger_id}`;
	const read = await expected(200, client.call('GET', one));
	assert.equal([read.trigger_status, read.event_data.path], ['ACTIVE', '/one']);
	assert.equal(await ask(host, read.event_data.invoke_url), [200, 'here']);
	const changed = { trigger_status: 'ACTIVE', event_data: { ...data, path: '/two' } };
	await expected(200, client.call('PUT', one, changed));
	const updated = await expected(200, client.call('GET', one));
	assert.equal([updated.trigger_status, updated.event_data.path], ['ACTIVE', '/two']);
	assert.equal(await ask(host, updated.event_data.invoke_url), [200, 'here']);
	assert.equal(await ask(host, read.event_data.invoke_url), [404, '']);
	await expected(204, client.call('DELETE', one));
	const gone = await client.call('GET', one);
	assert.equal([gone.status, gone.code], [404, 'FSS.1131']);
	assert.equal(await ask(host, updated.event_data.invoke_url), [404, '']);
});

test.run();
