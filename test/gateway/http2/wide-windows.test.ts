/** A client that leaves all pace to the sockets: its windows are larger than any answer, as curl's are. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GatewayBed } from '../../harness/gateway-bed.ts';
import { Http2Client } from '../../harness/http2-client.ts';

const test = suite('http2-wide-windows');

test('G-121: an answer that no window holds up is delivered whole', async () => {
	await using bed = await GatewayBed.start();
	const options = { settings: { initialWindowSize: 32 * 1024 * 1024 } };
	await using client = await Http2Client.connect(`http://127.0.0.1:${bed.port}`, options);
	client.session.setLocalWindowSize(64 * 1024 * 1024);
	for (const repeated of [1, 2, 3]) {
		const answer = client.request({ ':path': `/${repeated}` });
		const peer = await bed.function.peer();
		await peer.head();
		const body = Buffer.alloc(5_000_000, `round ${repeated}`);
		await peer.reply(body, 'Connection: close');
		assert.ok((await answer).body.equals(body));
	}
});

test.run();
