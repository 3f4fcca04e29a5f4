/** What a URL of a function begins with. Clients of a Unix socket are servers in front, which have the port of the web. */
export function publicUrl(urls: readonly string[]): string {
	return urls.find((url) => /^https?:\/\/(?!unix:)/.test(url)) ?? 'http://localhost';
}
