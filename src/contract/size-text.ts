/**
 * A number of bytes for people. MB is 1,048,576 bytes, as in the platform's own "6 MB" (6,291,456 bytes). Under
 * 0.01 MB the bytes themselves are shown, so that no size that matters reads "0.00 MB".
 */
export function sizeText(bytes: number): string {
	const megabytes = bytes / (1024 * 1024);
	return megabytes < 0.01 ? `${bytes} bytes` : `${megabytes.toFixed(2)} MB`;
}
