/** A call that is counted by another process, which takes a moment. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RuntimeError } from '../../src/contract/errors.ts';
import { type CallCount, NOT_COUNTED, NOTHING_ASKED } from '../../src/gateway/api.ts';
import { GatewayBed } from '../harness/gateway-bed.ts';
import { until } from '../harness/until.ts';

const test = suite('ApiCall that is counted elsewhere');

test('G-185: where another process counts, the body waits for it, and a client that leaves meanwhile is not served', async () => {
	const counts: ((count: CallCount) => void)[] = [];
	const throttle = {
		admit: () =>
			new Promise<CallCount>((resolve) => {
				counts.push(resolve);
			}),
	};
	await using bed = await GatewayBed.start({ limits: { connectionsMax: 2 } });
	const { target } = bed;
	const api = { ...NOTHING_ASKED, id: 'a'.repeat(32), throttle };
	bed.gateway.reroute({ find: () => ({ target, functionLines: target.functionLines, api }) });
	const { client, peer } = await (async () => {
		const client = await bed.client();
		client.ask('POST / HTTP/1.1', 'Content-Length: 10');
		void client.send('0123');
		await until('it is to be counted', () => (counts.length === 1 ? true : null));
		void client.send('456789');
		counts[0]?.(NOT_COUNTED);
		return { client, peer: await bed.function.peer() };
	})();
	await peer.head();
	assert.is((await peer.takeBytes(10)).toString(), '0123456789');
	await peer.reply('');
	assert.is((await client.answer()).status, 200);
	for (const status of [429, 429]) {
		client.ask('POST / HTTP/1.1', 'Content-Length: 3');
		void client.send('abc');
		const before = counts.length;
		await until('it is to be counted', () => (counts.length > before ? true : null));
		counts.at(-1)?.({ ...NOT_COUNTED, error: new RuntimeError('ERR_THROTTLED', 'refused by the test') });
		assert.is((await client.answer()).status, status);
	}
	const leaver = await bed.client();
	leaver.ask('GET / HTTP/1.1');
	await until('it is to be counted', () => (counts.length === 4 ? true : null));
	leaver.reset();
	await until('there is room for another', async () => {
		const other = await bed.client();
		other.ask('GARBAGE');
		return (await other.answer()).status === 400 ? true : null;
	});
	counts.at(-1)?.(NOT_COUNTED);
	assert.is(bed.source.entered, 1);
});

test.run();
