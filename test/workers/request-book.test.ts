import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RequestBook } from '../../src/workers/request-book.ts';

const test = suite('RequestBook');

test('R-31: the requests of a worker that is gone end, once, and those of others do not', () => {
	const told: string[] = [];
	const observer = {
		began: (id: string) => told.push(`${id} began`),
		ended: (id: string, { status, error }: { status: number; error: { code: string } | null }) =>
			told.push(`${id} ended ${status} ${error?.code ?? 'well'}`),
	};
	const book = new RequestBook();
	const [one, other] = [{}, {}];
	book.began(one, 'a', observer);
	book.began(one, 'b', observer);
	book.began(other, 'c', observer);
	const ended = { kind: 'ended', durationMs: 1, status: 0 } as const;
	book.ended(one, { ...ended, requestId: 'a', code: 'ERR_FUNCTION_TIMEOUT' });
	book.lost(one);
	book.lost(one);
	book.ended(one, { ...ended, requestId: 'b', code: null });
	assert.equal(told.slice(3), ['a ended 0 ERR_FUNCTION_TIMEOUT', 'b ended 0 well']);
	book.ended(other, { ...ended, requestId: 'c', status: 200, code: null });
	assert.is(told.at(-1), 'c ended 200 well');
});

test.run();
