/** A request whose body was held until it was whole goes on its way. */
import { RuntimeError } from '../contract/errors.ts';
import type { RequestHead } from '../http1/request-head.ts';
import { route } from './admission.ts';
import type { RequestTaker } from './exchange-client.ts';
import type { GatewayContext } from './gateway-context.ts';
import type { HeldBody } from './held-bytes.ts';
import { HeldUpload } from './held-upload.ts';
import type { Passage } from './passage.ts';

/** Throws the RuntimeError of a request that nobody answers. */
export function openHeld(
	context: GatewayContext,
	head: RequestHead,
	held: HeldBody,
	open: (passage: Passage, head: RequestHead, bodyBytes: number) => RequestTaker,
): HeldUpload {
	// Looked up anew: what answered when the upload began may be gone by now.
	const passage = route(context, head);
	if (passage instanceof RuntimeError) {
		held.release();
		throw passage;
	}
	return new HeldUpload(held, open(passage, head, held.bytes));
}
