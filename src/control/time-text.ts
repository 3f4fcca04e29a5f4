/** RFC 3339 without fractions: what SDK and Terraform read as a time. */
export function timeText(timeMs: number): string {
	return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
