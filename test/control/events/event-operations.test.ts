import { Buffer } from 'node:buffer';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationsBed } from '../../harness/operations-bed.ts';

const test = suite('test events');

const ALL = 'fgs/functions/hello/events';

async function withFunction(run: (bed: OperationsBed) => Promise<void>): Promise<void> {
	const bed = await OperationsBed.open();
	try {
		bed.makeFunction('hello');
		await run(bed);
	} finally {
		await bed.close();
	}
}

function content(bytes: number): string {
	return Buffer.alloc(bytes, 'x').toString('base64');
}

test('A-70: a test event is kept, listed, shown, changed and deleted (204)', () =>
	withFunction(async (bed) => {
		const made = await bed.call('POST', ALL, { name: 'first', content: content(10) });
		assert.is(made.status, 200);
		assert.is(made.body.name, 'first');
		const { id } = made.body;
		const list = await bed.call('GET', ALL);
		assert.is(list.body.count, 1);
		assert.is(list.body.events[0].id, id);
		const shown = await bed.call('GET', `${ALL}/${id}`);
		assert.is(shown.body.content, content(10));
		assert.ok(Math.abs(shown.body.last_modified - Date.now() / 1000) < 60);
		const changed = await bed.call('PUT', `${ALL}/${id}`, { content: content(20) });
		assert.equal(changed.body, { id, name: 'first' });
		assert.is((await bed.call('GET', `${ALL}/${id}`)).body.content, content(20));
		assert.is((await bed.call('DELETE', `${ALL}/${id}`)).status, 204);
		for (const method of ['GET', 'DELETE']) {
			const { status, code, body } = await bed.call(method, `${ALL}/${id}`);
			assert.is(status, 404);
			assert.is(code, 'ERR_TEST_EVENT_NOT_FOUND');
			assert.is(body.error_code, 'FSS.1070');
		}
	}));

test('A-71: a test event has at most 4 KB, a function at most 100 of them, each with its own name', () =>
	withFunction(async (bed) => {
		const large = await bed.call('POST', ALL, { name: 'large', content: content(4097) });
		assert.is(large.code, 'ERR_TEST_EVENT_TOO_LARGE');
		assert.is(large.body.error_code, 'FSS.1069');
		const padded = await bed.call('POST', ALL, { name: 'padded', content: '='.repeat(8193) });
		assert.is(padded.code, 'ERR_TEST_EVENT_TOO_LARGE');
		const made = await bed.call('POST', ALL, { name: 'most', content: content(4096) });
		assert.is(made.status, 200);
		const change = { content: content(4097) };
		const changed = await bed.call('PUT', `${ALL}/${made.body.id}`, change);
		assert.is(changed.code, 'ERR_TEST_EVENT_TOO_LARGE');
		const twice = await bed.call('POST', ALL, { name: 'most', content: '' });
		assert.is(twice.status, 403);
		assert.is(twice.code, 'ERR_TEST_EVENT_EXISTS');
		for (let index = 1; index < 100; index += 1)
			assert.is((await bed.call('POST', ALL, { name: `e${index}`, content: '' })).status, 200);
		const more = await bed.call('POST', ALL, { name: 'more', content: '' });
		assert.is(more.code, 'ERR_TEST_EVENT_LIMIT');
		assert.is(more.body.error_code, 'FSS.1068');
	}));

test.run();
