import type { GatewayBed } from '../harness/gateway-bed.ts';

/** A client asks while nothing can start, and is reset; resolves when the gateway has noticed. */
export async function leaveWhileWaiting(bed: GatewayBed): Promise<void> {
	bed.source.sleep();
	const client = await bed.client();
	client.ask('GET / HTTP/1.1');
	await bed.source.asked;
	const gone = bed.gateway.drain(60_000, bed.giveUp);
	client.reset();
	await gone;
}
