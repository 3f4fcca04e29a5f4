/** Requests of the Fetch API to a gateway whose function is scripted. */
import type { FunctionPeer } from '../../harness/fake-function.ts';
import type { GatewayBed } from '../../harness/gateway-bed.ts';

export const URL_OF_IT = 'http://shop.example:8443/cart?id=7';

export function ask(bed: GatewayBed, request: Request, remoteAddress = '192.0.2.9'): Promise<Response> {
	const response = bed.gateway.fetch(request, { remoteAddress, tls: null }, 8443);
	// A test may end with a request under way, which then rejects.
	response.catch(() => {});
	return response;
}

/** A request, and the function's end of it. */
export async function asked(
	bed: GatewayBed,
	init: RequestInit & { duplex?: 'half' } = {},
): Promise<{ peer: FunctionPeer; response: Promise<Response> }> {
	const response = ask(bed, new Request(URL_OF_IT, init));
	return { response, peer: await bed.function.peer() };
}

/** A body whose pieces the test hands over one by one. */
export function upload() {
	const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
	const writer = writable.getWriter();
	return {
		init: (headers: Record<string, string>) =>
			({ method: 'POST', body: readable, duplex: 'half', headers }) as const,
		send: (text: string) => writer.write(Buffer.from(text)),
		end: () => writer.close(),
		fail: (reason: Error) => writer.abort(reason),
	};
}

export async function answerCode(response: Promise<Response>): Promise<string> {
	const answer = await response;
	await answer.arrayBuffer();
	return `${answer.status} ${answer.headers.get('X-Httpfn-Error')}`;
}
