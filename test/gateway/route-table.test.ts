/** Which route counts. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FunctionTarget } from '../../src/gateway/function-target.ts';
import type { Route } from '../../src/gateway/route.ts';
import { RouteTable } from '../../src/gateway/route-table.ts';
import { SETTINGS } from '../contract/settings-fixture.ts';
import { RecordingLog } from '../harness/recording-log.ts';
import { StubSource } from '../harness/stub-source.ts';

const test = suite('route-table');

/** `HOST /path`, `/path`, `GET /path`, each a prefix where it ends in `*`; the target is named like the route. */
class Table {
	readonly #table: RouteTable<FunctionTarget>;

	constructor(...routes: readonly string[]) {
		this.#table = new RouteTable(routes.map((text) => routeOf(text)));
	}

	/** The route that counts, or null. */
	find(target: string, host = 'any.test', method = 'GET'): string | null {
		return this.#table.find(method, host, target)?.settings.name ?? null;
	}
}

function routeOf(text: string): Route<FunctionTarget> {
	const words = text.split(' ');
	const path = words.pop() ?? '';
	const method = words.find((word) => /^[A-Z]+$/.test(word)) ?? null;
	const host = words.find((word) => word !== method) ?? null;
	const match = path.endsWith('*') ? 'prefix' : 'exact';
	return { host, path: path.replace(/\*$/, ''), match, method, target: targetOf(text) };
}

function targetOf(name: string): FunctionTarget {
	return new FunctionTarget({
		settings: { ...SETTINGS, name },
		source: new StubSource(1),
		log: new RecordingLog(),
	});
}

test('H-135: the very host counts before the longest suffix, that before any host', () => {
	const table = new Table('/*', '*.test /*', '*.b.test /*', 'a.b.test /*', 'x.test /only');
	assert.is(table.find('/', 'a.b.test'), 'a.b.test /*');
	assert.is(table.find('/', 'c.b.test'), '*.b.test /*');
	assert.is(table.find('/', 'd.c.b.test'), '*.b.test /*');
	assert.is(table.find('/', 'b.test'), '*.test /*');
	assert.is(table.find('/', 'test'), '/*');
	assert.is(table.find('/', 'nottest'), '/*');
	assert.is(table.find('/', ''), '/*');
	assert.is(table.find('/only', 'x.test'), 'x.test /only');
	assert.is(table.find('/else', 'x.test'), '*.test /*');
});

test('H-135: the very path counts before the longest prefix', () => {
	const table = new Table('/*', '/a*', '/a/b*', '/a/b');
	assert.is(table.find('/a/b'), '/a/b');
	assert.is(table.find('/a/b/'), '/a/b*');
	assert.is(table.find('/a/b/c'), '/a/b*');
	assert.is(table.find('/a/c'), '/a*');
	assert.is(table.find('/'), '/*');
	assert.is(table.find('/c'), '/*');
});

test('H-135: a method that is named counts before any, and only for that method', () => {
	const table = new Table('/a', 'GET /a', 'POST /a', 'PUT /b', 'HEAD /*');
	assert.is(table.find('/a', '', 'GET'), 'GET /a');
	assert.is(table.find('/a', '', 'POST'), 'POST /a');
	assert.is(table.find('/a', '', 'PUT'), '/a');
	assert.is(table.find('/a', '', 'HEAD'), '/a');
	assert.is(table.find('/b', '', 'GET'), null);
	assert.is(table.find('/b', '', 'HEAD'), 'HEAD /*');
	assert.is(table.find('/b', '', 'put'), null);
});

test('H-135: the host decides before the path, the path before the method', () => {
	const table = new Table('/a/b', 'h.test /a*', 'GET /a*', 'POST /a*');
	assert.is(table.find('/a/b', 'h.test'), 'h.test /a*');
	assert.is(table.find('/a/b'), '/a/b');
	assert.is(table.find('/a/c'), 'GET /a*');
});

test('H-135: of two routes that are the same the first counts', () => {
	const first = routeOf('/a');
	const second = { ...routeOf('GET /a'), method: null };
	assert.is(new RouteTable([first, second]).find('GET', '', '/a'), first.target);
	assert.is(new RouteTable([second, first]).find('GET', '', '/a'), second.target);
});

test('A-220: a parameter stands for one segment that is not empty; the very path counts before it, it before a prefix', () => {
	const table = new Table(
		'/users/{id}',
		'/users/me',
		'/users*',
		'/users/{id}/orders/{order}',
		'/users/{id}/all*',
	);
	assert.is(table.find('/users/7'), '/users/{id}');
	assert.is(table.find('/users/7?x=/y'), '/users/{id}');
	assert.is(table.find('/users/a%20b'), '/users/{id}');
	assert.is(table.find('/users/me'), '/users/me');
	assert.is(table.find('/users/'), '/users*');
	assert.is(table.find('/users/7/'), '/users*');
	assert.is(table.find('/users/7/orders/1'), '/users/{id}/orders/{order}');
	assert.is(table.find('/users/me/orders/1'), '/users/{id}/orders/{order}');
	assert.is(table.find('/users/7/orders//'), '/users*');
	assert.is(table.find('/users/7/all'), '/users/{id}/all*');
	assert.is(table.find('/users/7/all/of/it'), '/users/{id}/all*');
	assert.is(table.find('/users/7/allof'), '/users*');
	assert.is(table.find('/else/7'), null);
});

test('A-220: with a plus a parameter stands for all that follows; the longest of such and of prefixes counts', () => {
	const table = new Table('/files/{rest+}', '/files/{id}/raw*', '/files/a*', '/{any}*', 'POST /files/{id}');
	assert.is(table.find('/files/x'), '/files/{rest+}');
	assert.is(table.find('/files/x', '', 'POST'), 'POST /files/{id}');
	assert.is(table.find('/files/x/y/z'), '/files/{rest+}');
	assert.is(table.find('/files/'), '/{any}*');
	assert.is(table.find('/files'), '/{any}*');
	assert.is(table.find('/files/x/raw/z'), '/files/{id}/raw*');
	assert.is(table.find('/files/a/b'), '/files/a*');
	assert.is(table.find('/'), null);
});

test('A-220: a parameter leads nowhere that another reading of the path would not', () => {
	const table = new Table('/users/{id}', '/admin', '/users/{id}/keys');
	for (const target of ['/users/../admin', '/users/%2e%2e', '/users/7%2fkeys', '/users/7%2Fother'])
		assert.is(table.find(target), null, target);
});

test('A-221: a look among 10,000 routes with parameters goes down only where the segments of the path lead', () => {
	const routes = Array.from({ length: 10_000 }, (_, index) => `/v1/tenant-${index}/items/{id}`);
	const table = new Table(...routes);
	assert.is(table.find('/v1/tenant-9999/items/5'), '/v1/tenant-9999/items/{id}');
	assert.is(table.find('/v1/tenant-10000/items/5'), null);
	const segments = '/a'.repeat(8_000);
	assert.is(table.find(segments), null);
});

test('H-136: a prefix ends where a segment does, and the query is not looked at', () => {
	const table = new Table('/api*', '/v1/*', '/exact');
	for (const target of ['/api', '/api/', '/api/x', '/api?x', '/api/x?/v1'])
		assert.is(table.find(target), '/api*');
	for (const target of ['/apix', '/ap', '/API', '/x/api', '/?/api']) assert.is(table.find(target), null);
	assert.is(table.find('/v1'), '/v1/*');
	assert.is(table.find('/v1/x'), '/v1/*');
	assert.is(table.find('/exact?a=b'), '/exact');
	assert.is(table.find('/exact/'), null);
});

test('H-137: hosts are compared without case, port and the dot of the root', () => {
	const table = new Table('A.Test /*', '*.B.test /*', '[::1] /*');
	for (const host of ['a.test', 'A.TEST', 'a.test:8080', 'a.test.', 'a.test.:80'])
		assert.is(table.find('/', host), 'A.Test /*');
	assert.is(table.find('/', 'x.b.TEST:1'), '*.B.test /*');
	assert.is(table.find('/', '.b.test'), null);
	assert.is(table.find('/', '[::1]:8080'), '[::1] /*');
	assert.is(table.find('/', '[::1]'), '[::1] /*');
	assert.is(table.find('/', '[::2]:8080'), null);
	assert.is(table.find('/', 'b.test'), null);
});

test('H-138: a path that another reading leads to another function leads nowhere', () => {
	const table = new Table('/*', '/admin*', '/open*', '/open/list');
	for (const target of [
		'/open/../admin',
		'/open/%2e%2e/admin/x',
		'/x%2f..%2fadmin',
		'//admin',
		'/%61dmin',
		'/admin;x=1',
		'/open/../../x',
		'/open//list',
		'/admin/..?x',
	]) {
		assert.is(table.find(target), null, target);
	}
});

test('H-138: one that every reading leads to the same function is passed on', () => {
	const table = new Table('/*', '/admin*', '/files/a%20b', '/odd//path');
	for (const target of [
		'/x/../y',
		'//x',
		'/a%2Fb',
		'/search/http://x/y',
		'/%2561dmin',
		'/adm%69',
		'/x?/../admin',
	]) {
		assert.is(table.find(target), '/*', target);
	}
	assert.is(table.find('/admin/x/../y'), '/admin*');
	assert.is(table.find('/admin//x'), '/admin*');
	assert.is(table.find('/files/a%20b'), '/files/a%20b');
	assert.is(table.find('/odd//path'), '/odd//path');
	assert.is(new Table('/*').find('/a/../../b'), '/*');
});

test('H-135: ten thousand routes are told apart', () => {
	const names = Array.from({ length: 5000 }, (_, index) => index);
	const table = new Table(
		...names.map((index) => `h${index}.test /p*`),
		...names.map((index) => `/f${index}/x*`),
	);
	for (const index of [0, 7, 4999]) {
		assert.is(table.find('/p/1', `h${index}.test`), `h${index}.test /p*`);
		assert.is(table.find(`/f${index}/x/y`, `h${index}.test`), `/f${index}/x*`);
	}
	assert.is(table.find('/f5000/x'), null);
	assert.is(table.find('/', `${'a.'.repeat(16_000)}test`), null);
});

test.run();
