/** One runtime under test, with a function in it. */
export interface Runtime {
	readonly name: string;
	readonly kind: 'node' | 'functions-framework' | 'workerd' | 'miniflare' | 'httpfn';
	/** Absolute path: of the executable, or of the module that Node.js runs or imports. */
	readonly program: string;
	/** What the table says about it. */
	readonly version: string;
}
