/** Whom a request is said to come from, with proxies in front. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { knownBlock } from '../../src/base/address-block.ts';
import { GatewayBed } from '../harness/gateway-bed.ts';

const test = suite('request origins');

const NAMES = ['X-Real-IP', 'X-Forwarded-For', 'X-Apig-Source-Ip', 'X-Forwarded-Proto'];

/** What the function is told, by these names, where the client sends these lines. */
async function told(trusted: readonly string[], ...lines: string[]): Promise<ReadonlyArray<string | null>> {
	await using bed = await GatewayBed.start({ trustedProxies: trusted.map(knownBlock) });
	const { client, peer } = await bed.asked('GET / HTTP/1.1', ...lines);
	const head = await peer.head();
	await peer.reply('');
	await client.answer();
	return NAMES.map((name) => head.value(name));
}

test('G-160: what a client that is no trusted proxy says of where it comes from is dropped', async () => {
	const own = ['127.0.0.1', '127.0.0.1', '127.0.0.1', 'http'];
	const lines = ['X-Forwarded-For: 203.0.113.7', 'X-Forwarded-Proto: https'];
	assert.equal(await told([], ...lines), own);
	assert.equal(await told(['10.0.0.0/8'], ...lines), own);
	assert.equal(await told(['127.0.0.0/8']), own);
});

test('G-161: a trusted proxy names the client; of several hops the nearest that is no trusted proxy', async () => {
	const trusted = ['127.0.0.1', '10.0.0.0/8'];
	const client = '203.0.113.7';
	assert.equal(await told(trusted, `X-Forwarded-For: ${client}`, 'X-Forwarded-Proto: https'), [
		client,
		`${client}, 127.0.0.1`,
		client,
		'https',
	]);
	const [real, chain] = await told(
		trusted,
		`x-forwarded-for: 198.51.100.1, ${client}`,
		'X-Forwarded-For: 10.1.2.3',
	);
	assert.equal([real, chain], [client, `${client}, 10.1.2.3, 127.0.0.1`]);
});

test('G-161: what is no address ends the way back, whoever says it', async () => {
	const trusted = ['127.0.0.1'];
	for (const lie of ['unknown', '_hidden', '10.0.0.0/8', '1.2.3', '"203.0.113.7"', '203.0.113.7:80']) {
		const [real] = await told(trusted, `X-Forwarded-For: 198.51.100.1, ${lie}`);
		assert.is(real, '127.0.0.1', lie);
	}
	const [six] = await told(trusted, 'X-Forwarded-For: 2001:db8::7');
	assert.is(six, '2001:db8::7');
});

test.run();
