/** `5%` is 0.05; null: no share. */
export function shareOf(text: string): number | null {
	return /^\d+(\.\d+)?%$/.test(text) ? Number.parseFloat(text) / 100 : null;
}
