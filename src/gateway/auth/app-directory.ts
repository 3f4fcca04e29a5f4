/** What the gateway asks of whoever keeps apps. It is asked for every call, so answers have to be at hand. */
export interface App {
	/** 32 hexadecimal digits, which stay the same while the app exists. */
	readonly id: string;
	readonly name: string;
	/** Not secret: it travels with every signature. */
	readonly key: string;
	/** Throws ERR_STATE_UNAVAILABLE where it can not be decrypted. */
	secret(): string;
	/** True: known, and shut out for now. */
	readonly frozen: boolean;
}

export interface AppDirectory {
	byKey(key: string): App | null;
	/** By X-Apig-AppCode. How long it takes is not to depend on how much of a wrong code is right. */
	byCode(code: string): App | null;
	/** Whether the app was authorized for the API. */
	mayCall(appId: string, apiId: string): boolean;
}
