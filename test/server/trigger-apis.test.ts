/** What triggers ask of their callers, by a real catalog. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Sealer } from '../../src/catalog/sealer.ts';
import { RuntimeError } from '../../src/contract/errors.ts';
import { newAccessToken } from '../../src/control/auth/access-token.ts';
import type { ControlInvocation } from '../../src/control/invoker.ts';
import { TriggerApis } from '../../src/server/trigger-apis.ts';
import { DeployedBed } from './deployed-bed.ts';

const test = suite('TriggerApis');

const REQUEST = { method: 'GET', target: '/', host: 'g1.localhost', address: '127.0.0.1', requestId: '' };

/** `answer` is what the function of an authorizer says. */
function apisOf(bed: DeployedBed, answer: object = {}, secure = false): TriggerApis {
	const invoker = {
		async invoke(_record: unknown, version: string, { writeEnvelope }: ControlInvocation) {
			const body = Buffer.from(JSON.stringify(answer)).toString('base64');
			await writeEnvelope(
				Buffer.from(JSON.stringify({ body, statusCode: 200, headers: {}, isBase64Encoded: true })),
			);
			return { statusCode: 200, version };
		},
	};
	const generation = () => bed.functions.generation;
	return new TriggerApis({
		catalog: bed.catalog,
		sealer: Sealer.open(bed.folder),
		invoker,
		region: 'cn',
		generation,
		secure,
	});
}

test('G-192: a trigger with auth IAM lets users in that have the right invoke, and nobody else', async () => {
	await using bed = new DeployedBed();
	const token = (name: string, rights: readonly ('invoke' | 'read')[]) => {
		const made = newAccessToken(Date.now(), 1);
		const key = { accessKey: `HF${name}`, sealedSecretKey: '' };
		bed.catalog.users.create({ name, rights, ...key, tokenHash: made.hash });
		return made.token;
	};
	const caller = token('caller', ['invoke']);
	const reader = token('reader', ['read']);
	const trigger = bed.trigger(bed.create('one').id, { auth: 'IAM' });
	const { guard } = apisOf(bed).of(trigger);
	const judged = async (fieldLines: string) => {
		const verdict = await guard?.judge({ ...REQUEST, fieldLines });
		return verdict instanceof RuntimeError ? verdict.code : verdict?.user;
	};
	assert.is(await judged(`X-Auth-Token: ${caller}\r\n`), 'caller');
	assert.is(await judged(`X-Auth-Token: ${reader}\r\n`), 'ERR_IAM_FORBIDDEN');
	assert.is(await judged('X-Auth-Token: made up\r\n'), 'ERR_IAM_UNAUTHORIZED');
	assert.is(await judged('A: b\r\n'), 'ERR_IAM_UNAUTHORIZED');
});

test('G-193: an API has the id, the timeout and the family of its trigger', async () => {
	await using bed = new DeployedBed();
	const { id } = bed.create('one');
	const trigger = bed.trigger(id, { type: 'APIC', timeoutMs: 1500, eventData: { api_id: 'a1' } });
	const { guard, ...api } = apisOf(bed).of(trigger);
	assert.is(guard, null);
	assert.equal([api.id, api.family, api.backendTimeoutMs], ['a1', 'APIC', 1500]);
});

test('G-194: a trigger with auth APP lets apps in that were authorized, from the moment they are until they are not', async () => {
	await using bed = new DeployedBed();
	const sealer = Sealer.open(bed.folder);
	const { apps } = bed.catalog;
	const key = { key: 'key12345', sealedSecret: sealer.seal('secret12345') };
	const app = apps.create({ id: 'app1', project: 'p', name: 'shop', remark: '', frozen: false, ...key });
	const trigger = bed.trigger(bed.create('one').id, { auth: 'APP', eventData: { api_id: 'api1' } });
	const { guard } = apisOf(bed).of(trigger);
	const judged = async () => {
		const fieldLines = 'X-HW-ID: key12345\r\nX-HW-AppKey: secret12345\r\n';
		const verdict = await guard?.judge({ ...REQUEST, fieldLines });
		return verdict instanceof RuntimeError ? verdict.code : verdict?.app;
	};
	assert.is(await judged(), 'ERR_APP_FORBIDDEN');
	const [grant] = apps.grant([{ id: 'g', appId: app.id, apiId: 'api1' }]);
	assert.is(await judged(), 'app1');
	apps.update('p', app.id, { frozen: true });
	assert.is(await judged(), 'ERR_APP_FROZEN');
	apps.update('p', app.id, { frozen: false });
	apps.revoke(grant?.id ?? '');
	assert.is(await judged(), 'ERR_APP_FORBIDDEN');
	apps.remove('p', app.id);
	assert.is(await judged(), 'ERR_APP_UNAUTHORIZED');
});

test('G-195: a trigger with auth AUTHORIZER lets in whom its function lets in, and nobody while the function is not there', async () => {
	await using bed = new DeployedBed();
	const { id } = bed.create('judge');
	const authorizer = bed.catalog.authorizers.create({
		id: 'a1',
		project: 'p',
		name: 'judge',
		functionUrn: 'urn:fss:cn:p:function:default:judge:latest',
		identities: [{ name: 'X-User', location: 'HEADER' }],
		ttlSeconds: 0,
		userData: '',
	});
	const eventData = { api_id: 'api1', authorizer_id: authorizer.id };
	const trigger = bed.trigger(bed.create('one').id, { auth: 'AUTHORIZER', eventData });
	const judgedBy = async (answer: object) => {
		const verdict = await apisOf(bed, answer)
			.of(trigger)
			.guard?.judge({ ...REQUEST, fieldLines: 'X-User: ada\r\n' });
		return verdict instanceof RuntimeError ? verdict.code : verdict?.lines;
	};
	const allow = { status: 'allow', context: { user_name: 'ada' } };
	assert.is(await judgedBy(allow), 'X-Apig-Authorizer-user_name: ada\r\n');
	assert.is(await judgedBy({ status: 'deny' }), 'ERR_AUTHORIZER_DENIED');
	assert.is(await judgedBy({ nonsense: true }), 'ERR_AUTHORIZER_ANSWER');
	bed.catalog.functions.remove(id);
	assert.is(await judgedBy(allow), 'ERR_AUTHORIZER_FAILED');
});

test('G-50: a throttle goes on counting while the catalog changes, until its limits do; a shared one counts its APIs together', async () => {
	await using bed = new DeployedBed();
	const { throttles } = bed.catalog;
	const limits = {
		interval: 1,
		unit: 'DAY',
		apiLimit: 1,
		userLimit: null,
		appLimit: null,
		addressLimit: null,
	} as const;
	const made = throttles.create({
		id: 't1',
		project: 'p',
		name: 'slow',
		remark: '',
		shared: false,
		...limits,
	});
	const { id } = bed.create('one');
	const triggers = ['api1', 'api2'].map((apiId) =>
		bed.trigger(id, { path: `/${apiId}`, eventData: { api_id: apiId } }),
	);
	const apis = apisOf(bed);
	const calls = () =>
		Promise.all(
			triggers.map(async (trigger) => {
				const { throttle } = apis.of(trigger);
				return (await throttle?.admit({ app: null, user: null, address: '::1' }))?.error?.code ?? 'admitted';
			}),
		);
	assert.equal(await calls(), ['admitted', 'admitted']);
	throttles.bind(['api1', 'api2'].map((apiId) => ({ id: apiId, policyId: made.id, apiId })));
	assert.equal(await calls(), ['admitted', 'admitted']);
	throttles.update('p', made.id, { name: 'slower' });
	assert.equal(await calls(), ['ERR_THROTTLED', 'ERR_THROTTLED']);
	throttles.update('p', made.id, { shared: true });
	assert.equal(await calls(), ['admitted', 'ERR_THROTTLED']);
	throttles.update('p', made.id, { apiLimit: 3 });
	assert.equal(await calls(), ['admitted', 'admitted']);
	assert.equal(await calls(), ['admitted', 'ERR_THROTTLED']);
	throttles.remove('p', made.id);
	assert.equal(await calls(), ['admitted', 'admitted']);
});

test('G-34: an API has the list of addresses and the plug-in that are bound to it', async () => {
	await using bed = new DeployedBed();
	const trigger = bed.trigger(bed.create('one').id, { eventData: { api_id: 'api1' } });
	const { acls, plugins } = bed.catalog;
	const apis = apisOf(bed);
	assert.equal([apis.of(trigger).addresses, apis.of(trigger).cors], [null, null]);
	const base = { id: 'p1', project: 'p', name: 'one', remark: '' };
	acls.create({ ...base, permits: false, blocks: ['10.0.0.0/8'] });
	acls.bind([{ id: 'b1', policyId: 'p1', apiId: 'api1' }]);
	const cors = {
		allowMethods: '',
		allowHeaders: '',
		exposeHeaders: '',
		maxAgeSeconds: 1,
		allowCredentials: false,
	};
	plugins.create({ ...base, id: 'p2', text: '', cors: { ...cors, allowOrigins: ['*'] } });
	plugins.bind([{ id: 'b2', policyId: 'p2', apiId: 'api1' }]);
	const { addresses, cors: pages } = apis.of(trigger);
	assert.equal(
		[addresses?.judge('10.1.1.1')?.code, addresses?.judge('11.1.1.1')],
		['ERR_ADDRESS_REFUSED', null],
	);
	const lines = pages?.answerLines({ method: 'GET', fieldLines: 'Origin: https://a.example\r\n' });
	assert.is(lines, 'Access-Control-Allow-Origin: *\r\n');
});

test('G-30: a trigger with protocol HTTPS is for HTTPS alone where the gateway has certificates', async () => {
	await using bed = new DeployedBed();
	const { id } = bed.create('one');
	const only = (protocol: string, secure: boolean) =>
		apisOf(bed, {}, secure).of(bed.trigger(id, { path: `/${protocol}${secure}`, eventData: { protocol } }))
			.httpsOnly;
	assert.equal([only('HTTPS', true), only('HTTP', true), only('HTTPS', false)], [true, false, false]);
});

test.run();
