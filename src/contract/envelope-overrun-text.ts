import type { EnvelopeOverrun } from './envelope.ts';
import { sizeText } from './size-text.ts';

/** "raw 4.63 MB, encoded 6.17 MB, 0.17 MB over": both figures, so that either rule can be checked. */
export function envelopeOverrunText(overrun: EnvelopeOverrun): string {
	const { rawBytes, encodedBytes, overBytes } = overrun;
	return `raw ${sizeText(rawBytes)}, encoded ${sizeText(encodedBytes)}, ${sizeText(overBytes)} over`;
}
