/** Where a request came from, as the function is told. */
export interface RequestOrigin {
	/** Of the client, behind trusted proxies. */
	readonly address: string;
	/** X-Real-IP, X-Forwarded-* and X-Apig-Source-Ip, each with CRLF. */
	readonly lines: string;
}
