import * as assert from 'uvu/assert';
import type { GatewayBed } from './gateway-bed.ts';
import { RawClient } from './raw-client.ts';

/** Another client's request is answered. */
export async function othersAreServed(bed: GatewayBed): Promise<void> {
	await using other = await RawClient.connect(bed.port);
	other.ask('GET /other HTTP/1.1');
	for (;;) {
		const peer = await bed.function.peer();
		const { requestLine } = await peer.head().catch(() => ({ requestLine: '' }));
		if (requestLine !== 'GET /other HTTP/1.1') continue;
		await peer.reply('served');
		assert.is((await other.answer()).text, 'served');
		return;
	}
}
