import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withBed } from '../../harness/operations-bed.ts';

const test = suite('triggers');

const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const OPEN = { auth: 'NONE', path: '/hello' };

function triggerBody(data: object = {}, type = 'APIG'): object {
	return { trigger_type_code: type, event_data: { ...OPEN, ...data } };
}

test('A-50: a trigger is made with 201, keeps every field, and gets ids, names, defaults and an invoke_url', () =>
	withBed(async (bed) => {
		const { resourceId } = bed.makeFunction('hello');
		const data = { roma_app_id: 'r1', instance_id: 'i1', something_new: { deep: [1] }, type: 2 };
		const made = await bed.call('POST', 'fgs/triggers/hello', triggerBody(data, 'APIC'));
		assert.is(made.status, 201);
		const { event_data: event, ...rest } = made.body;
		assert.match(rest.trigger_id, ID);
		assert.is(rest.trigger_type_code, 'APIC');
		assert.is(rest.trigger_status, 'ACTIVE');
		assert.match(rest.created_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
		assert.is(rest.created_time, rest.last_updated_time);
		for (const [name, value] of Object.entries(data)) assert.equal(event[name], value, name);
		assert.is(event.triggerid, rest.trigger_id);
		assert.match(event.api_id, /^[0-9a-f]{32}$/);
		assert.is(event.api_name, 'API_hello');
		assert.is(event.group_id, resourceId);
		assert.is(event.req_method, 'ANY');
		assert.is(event.match_mode, 'SWA');
		assert.is(event.env_name, 'RELEASE');
		assert.is(event.sl_domain, `${resourceId}.apic.cn.huaweicloudapis.com`);
		assert.is(event.invoke_url, `http://${resourceId}.localhost:8080/hello`);
		assert.is(event.func_info.function_urn, 'urn:fss:cn:p1:function:default:hello:latest');
	}));

test('A-51: a single trigger, a list of them and the answer to a change have one form; a list is a bare array', () =>
	withBed(async (bed) => {
		bed.makeFunction('hello');
		const made = await bed.call('POST', 'fgs/triggers/hello', triggerBody());
		const id = made.body.trigger_id;
		const one = await bed.call('GET', `fgs/triggers/hello/APIG/${id}`);
		assert.equal(one.body, made.body);
		const list = await bed.call('GET', 'fgs/triggers/urn:fss:cn:p1:function:default:hello');
		assert.equal(list.body, [made.body]);
		const changed = await bed.call('PUT', `fgs/triggers/hello/APIG/${id}`, { trigger_status: 'ACTIVE' });
		assert.is(changed.status, 200);
		assert.equal(changed.body.event_data, made.body.event_data);
	}));

test('A-52: types that HTTP functions do not have are refused as FSS.1101, and so is asynchronous calling', () =>
	withBed(async (bed) => {
		bed.makeFunction('hello');
		for (const type of ['TIMER', 'OBS', 'KAFKA', 'EVENTGRID', 'nonsense']) {
			const body = { trigger_type_code: type, event_data: { name: 'n', schedule: '3m', status: 'ACTIVE' } };
			const { status, code, body: answer } = await bed.call('POST', 'fgs/triggers/hello', body);
			assert.is(status, 400);
			assert.is(code, 'ERR_TRIGGER_TYPE');
			assert.is(answer.error_code, 'FSS.1101');
		}
		const later = triggerBody({ func_info: { invocation_type: 'async', timeout: 5000 } });
		assert.is((await bed.call('POST', 'fgs/triggers/hello', later)).code, 'ERR_ASYNC_UNSUPPORTED');
		assert.equal((await bed.call('GET', 'fgs/triggers/hello')).body, []);
	}));

test('A-53: all mistakes of event_data are told at once as FSS.1107, each with what was found and wanted', () =>
	withBed(async (bed) => {
		bed.makeFunction('hello');
		const data = {
			auth: 'SOME',
			path: 'no/slash',
			req_method: 'FETCH',
			match_mode: 'LIKE',
			protocol: 'FTP',
			backend_type: 'HTTP',
			type: 3,
			group_id: 'Not A Label',
			func_info: { timeout: 60_001 },
		};
		const { status, code, body } = await bed.call('POST', 'fgs/triggers/hello', triggerBody(data));
		assert.is(status, 400);
		assert.is(code, 'ERR_TRIGGER_INVALID');
		assert.is(body.error_code, 'FSS.1107');
		for (const name of [...Object.keys(data).filter((name) => name !== 'func_info'), 'func_info.timeout'])
			assert.match(body.error_msg, `event_data.${name}: found`);
		const shut = { trigger_type_code: 'APIG', event_data: { path: '/x' } };
		assert.is((await bed.call('POST', 'fgs/triggers/hello', shut)).code, 'ERR_TRIGGER_INVALID');
		const much = triggerBody({ more: 'x'.repeat(20_000) });
		assert.is((await bed.call('POST', 'fgs/triggers/hello', much)).code, 'ERR_TRIGGER_INVALID');
	}));

test('A-222: a path may have parameters as whole segments, each name once, with a plus at the end only', () =>
	withBed(async (bed) => {
		bed.makeFunction('hello');
		for (const path of ['/users/{id}', '/users/{id}/orders/{order-no}', '/files/{rest+}', '/{a}/x/{b+}']) {
			const made = await bed.call('POST', 'fgs/triggers/hello', triggerBody({ path, match_mode: 'NORMAL' }));
			assert.is(made.status, 201, path);
			assert.is(made.body.event_data.path, path);
		}
		for (const path of [
			'/users/x{id}',
			'/{a}/{a}',
			'/{rest+}/x',
			'/{}',
			'/{1}',
			'/{a',
			'/a}',
			'/{a b}',
			'{a}',
			'/{a/b}',
		])
			assert.is(
				(await bed.call('POST', 'fgs/triggers/hello', triggerBody({ path }))).code,
				'ERR_TRIGGER_INVALID',
				path,
			);
	}));

test('A-54: func_info.timeout is 1 to 60,000 ms and is kept; without it the function has its own timeout', () =>
	withBed(async (bed) => {
		const { id } = bed.makeFunction('hello');
		await bed.call('POST', 'fgs/triggers/hello', triggerBody({ path: '/a', func_info: { timeout: 60_000 } }));
		await bed.call('POST', 'fgs/triggers/hello', triggerBody({ path: '/b' }));
		const kept = bed.catalog.triggers.list(id).map(({ timeoutMs }) => timeoutMs);
		assert.equal(kept, [60_000, null]);
		for (const timeout of [0, 0.5, 60_001]) {
			const wrong = triggerBody({ path: '/c', func_info: { timeout } });
			assert.is((await bed.call('POST', 'fgs/triggers/hello', wrong)).code, 'ERR_TRIGGER_INVALID');
		}
	}));

test('A-55: a group is made where none is named: one for a name in a project, else one for the function', () =>
	withBed(async (bed) => {
		bed.makeFunction('one');
		bed.makeFunction('two');
		const group = async (name: string, data: object) =>
			(await bed.call('POST', `fgs/triggers/${name}`, triggerBody(data))).body.event_data.group_id;
		const shared = await group('one', { group_name: 'shop', path: '/one' });
		assert.match(shared, /^[0-9a-f]{32}$/);
		assert.is(await group('two', { group_name: 'shop', path: '/two' }), shared);
		assert.is.not(await group('two', { path: '/two' }), shared);
		assert.is(await group('two', { group_id: 'mine', path: '/two' }), 'mine');
	}));

test('A-56: two active triggers of one group with the same path, match and method are refused as FSS.1147', () =>
	withBed(async (bed) => {
		bed.makeFunction('one');
		bed.makeFunction('two');
		const body = triggerBody({ group_id: 'g', req_method: 'GET' });
		assert.is((await bed.call('POST', 'fgs/triggers/one', body)).status, 201);
		const { status, code } = await bed.call('POST', 'fgs/triggers/two', body);
		assert.is(status, 409);
		assert.is(code, 'ERR_TRIGGER_PATH_TAKEN');
		const other = triggerBody({ group_id: 'g', req_method: 'PUT' });
		const made = await bed.call('POST', 'fgs/triggers/two', other);
		assert.is(made.status, 201);
		const path = `fgs/triggers/two/APIG/${made.body.trigger_id}`;
		const change = { event_data: { req_method: 'GET' } };
		assert.is((await bed.call('PUT', path, change)).code, 'ERR_TRIGGER_PATH_TAKEN');
	}));

test('A-57: an update takes event_data as an object or as a list, and what it leaves out stays', () =>
	withBed(async (bed) => {
		bed.makeFunction('hello');
		const info = { timeout: 4000 };
		const made = await bed.call('POST', 'fgs/triggers/hello', triggerBody({ func_info: info, extra: 'x' }));
		const path = `fgs/triggers/hello/APIG/${made.body.trigger_id}`;
		const changes = { trigger_status: 'DISABLED', event_data: { path: '/other', match_mode: 'NORMAL' } };
		const first = await bed.call('PUT', path, changes);
		assert.is(first.body.trigger_status, 'DISABLED');
		assert.is(first.body.event_data.path, '/other');
		assert.ok(first.body.event_data.invoke_url.endsWith('/other'));
		assert.is(first.body.event_data.extra, 'x');
		assert.is(first.body.event_data.api_id, made.body.event_data.api_id);
		assert.is(first.body.event_data.func_info.timeout, 4000);
		const second = await bed.call('PUT', path, { event_data: [{ polling_interval: 5, polling_unit: 's' }] });
		assert.is(second.status, 200);
		assert.is(second.body.event_data.polling_interval, 5);
		assert.is(second.body.event_data.path, '/other');
		const moved = await bed.call('PUT', path, { event_data: { group_id: 'elsewhere' } });
		assert.is(moved.body.event_data.sl_domain, 'elsewhere.apig.cn.huaweicloudapis.com');
		assert.is((await bed.call('PUT', path, { event_data: { path: '' } })).code, 'ERR_TRIGGER_INVALID');
	}));

test('A-58: a trigger that is not there is 404 FSS.1131 for reading, changing and deleting, under another type too', () =>
	withBed(async (bed) => {
		bed.makeFunction('hello');
		bed.makeFunction('other');
		const made = await bed.call('POST', 'fgs/triggers/hello', triggerBody());
		const id = made.body.trigger_id;
		for (const path of [`hello/APIG/none`, `hello/DEDICATEDGATEWAY/${id}`, `other/APIG/${id}`]) {
			for (const method of ['GET', 'PUT', 'DELETE']) {
				const body = method === 'PUT' ? {} : undefined;
				const { status, code, body: answer } = await bed.call(method, `fgs/triggers/${path}`, body);
				assert.is(status, 404, `${method} ${path}`);
				assert.is(code, 'ERR_TRIGGER_NOT_FOUND');
				assert.is(answer.error_code, 'FSS.1131');
			}
		}
		assert.is((await bed.call('DELETE', `fgs/triggers/hello/APIG/${id}`)).status, 204);
		assert.is((await bed.call('GET', `fgs/triggers/hello/APIG/${id}`)).status, 404);
	}));

test('A-59: a URN with a version or an alias limits a list and a deletion to its triggers; latest does not', () =>
	withBed(async (bed) => {
		const { id } = bed.makeFunction('hello');
		bed.catalog.revisions.publish(id, { version: 'v1', description: '' });
		bed.catalog.aliases.create(id, {
			name: 'prod',
			version: 'v1',
			description: '',
			weights: null,
			strategy: null,
		});
		const urn = 'fgs/triggers/urn:fss:cn:p1:function:default:hello';
		assert.is((await bed.call('POST', urn, triggerBody({ path: '/a' }))).status, 201);
		assert.is((await bed.call('POST', `${urn}:v1`, triggerBody({ path: '/b' }))).status, 201);
		assert.is((await bed.call('POST', `${urn}:!prod`, triggerBody({ path: '/c' }))).status, 201);
		const info = triggerBody({ path: '/d', func_info: { version: 'v1' } });
		assert.is((await bed.call('POST', urn, info)).status, 201);
		assert.is((await bed.call('POST', `${urn}:v9`, triggerBody())).code, 'ERR_VERSION_NOT_FOUND');
		assert.is((await bed.call('POST', `${urn}:!no`, triggerBody())).code, 'ERR_ALIAS_NOT_FOUND');
		const paths = async (name: string) =>
			(await bed.call('GET', name)).body.map(
				(trigger: { event_data: { path: string } }) => trigger.event_data.path,
			);
		assert.equal(await paths(`${urn}:latest`), ['/a', '/b', '/c', '/d']);
		assert.equal(await paths(`${urn}:v1`), ['/b', '/d']);
		assert.is((await bed.call('DELETE', `${urn}:!prod`)).status, 204);
		assert.equal(await paths(urn), ['/a', '/b', '/d']);
		assert.is((await bed.call('DELETE', urn)).status, 204);
		assert.equal(await paths(urn), []);
	}));

test('A-60: a version or an alias has at most 10 triggers; one more is refused as FSS.1306', () =>
	withBed(async (bed) => {
		bed.makeFunction('hello');
		for (let index = 0; index < 10; index += 1) {
			const { status } = await bed.call('POST', 'fgs/triggers/hello', triggerBody({ path: `/${index}` }));
			assert.is(status, 201);
		}
		const { code, body } = await bed.call('POST', 'fgs/triggers/hello', triggerBody({ path: '/more' }));
		assert.is(code, 'ERR_TRIGGER_LIMIT');
		assert.is(body.error_code, 'FSS.1306');
	}));

test('A-61: the triggers of all functions come in pages, with the URN of each, and of one type only', () =>
	withBed(async (bed) => {
		for (const name of ['one', 'two', 'three']) {
			bed.makeFunction(name);
			await bed.call('POST', `fgs/triggers/${name}`, triggerBody());
			await bed.call('POST', `fgs/triggers/${name}`, triggerBody({ path: '/apic' }, 'APIC'));
		}
		const seen = new Set<string>();
		let marker = 0;
		for (;;) {
			const { body } = await bed.call('GET', `fgs/triggers?maxitems=4&marker=${marker}`);
			assert.is(body.count, 6);
			for (const { trigger_id: id, func_urn: urn } of body.triggers) {
				assert.match(urn, /^urn:fss:cn:p1:function:default:(?:one|two|three):latest$/);
				seen.add(id);
			}
			if (body.triggers.length === 0) break;
			marker = body.next_marker;
		}
		assert.is(seen.size, 6);
		const { body } = await bed.call('GET', 'fgs/triggers?trigger_type=APIC');
		assert.is(body.triggers.length, 3);
	}));

test.run();
