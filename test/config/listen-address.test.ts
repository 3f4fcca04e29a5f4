import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { listenUrl } from '../../src/config/listen-address.ts';

const test = suite('listenUrl');

test('U-27: the printed URL is one that this machine can open', () => {
	const urls = ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].map((host) =>
		listenUrl({ host, port: 80 }),
	);
	const expected = ['127.0.0.1', '127.0.0.1', '[::1]', '[::1]', 'localhost'];
	assert.equal(
		urls,
		expected.map((host) => `http://${host}:80`),
	);
});

test.run();
