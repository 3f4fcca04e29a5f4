/** Generated from src/config/schema.ts by scripts/generate-library-options.ts. Do not edit. */
import type { RuntimeListeners } from './runtime.ts';

/** What a runtime is made from: the settings of `httpfn run` by their names in its config file. Relative paths are relative to the working folder. */
export interface RuntimeOptions {
	/** The folder that holds `bootstrap`. An httpfn.json in it is read: what is given here wins over it. */
	readonly folder: string | URL;
	/** The config file that is read instead of httpfn.json in the folder. */
	readonly config?: string | URL | undefined;
	/** Listeners from the beginning; `Runtime.on` adds more. */
	readonly on?: RuntimeListeners | undefined;
	/**
	 * Name of the function, as X-CFF-Func-Name and RUNTIME_FUNC_NAME give it. Wanted: 1 to 60 letters, digits, "_"
	 * or "-", beginning with a letter and ending with a letter or digit. Default: the name of the folder.
	 */
	readonly name?: string | undefined;
	/**
	 * Application that the function belongs to. Wanted: printable ASCII characters without space or ":". Default:
	 * default.
	 */
	readonly package?: string | undefined;
	/**
	 * Version of the function. Wanted: letters, digits, "_", "-" or ".", beginning and ending with a letter or
	 * digit. Default: latest.
	 */
	readonly version?: string | undefined;
	/**
	 * Region that the function believes to run in. Wanted: printable ASCII characters without space or ":". Default:
	 * cn.
	 */
	readonly region?: string | undefined;
	/**
	 * Project that the function belongs to. Wanted: printable ASCII characters without space or ":". Default: sn.
	 */
	readonly projectId?: string | undefined;
	/**
	 * Memory of an instance in megabytes: what X-CFF-Memory and RUNTIME_MEMORY say. Wanted: one of 128, 256, 512,
	 * 768, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 8192, 10240. Default: 128.
	 */
	readonly memory?:
		| 128
		| 256
		| 512
		| 768
		| 1024
		| 1280
		| 1536
		| 1792
		| 2048
		| 2560
		| 3072
		| 3584
		| 4096
		| 8192
		| 10240
		| undefined;
	/**
	 * Seconds one request may take; with stream at most 300. Wanted: whole seconds from 3 to 259200. Default: 3.
	 */
	readonly timeout?: number | undefined;
	/**
	 * Seconds the bootstrap may take until it listens on port 8000. Wanted: whole seconds from 1 to 300. Default: 3.
	 */
	readonly initTimeout?: number | undefined;
	/**
	 * Variables of the function, merged name by name with those of the config file. Wanted: K=V on a command line,
	 * an object of strings in JSON. Default: none.
	 */
	readonly env?: Readonly<Record<string, string>> | undefined;
	/**
	 * File of K=V lines: more variables of the function. `env` wins over it. Wanted: the path of a file of K=V
	 * lines. Default: none.
	 */
	readonly envFile?: string | undefined;
	/**
	 * Responses flow at once, up to 200 MB (is_return_stream). Wanted: true or false. Default: false.
	 */
	readonly stream?: boolean | undefined;
	/**
	 * Refuse a response whose Base64 envelope would pass 6 MiB, about 4.5 MiB of body. Wanted: true or false.
	 * Default: false.
	 */
	readonly strictEnvelope?: boolean | undefined;
	/**
	 * Send the credentials as X-CFF headers (enable_auth_in_header). Wanted: true or false. Default: false.
	 */
	readonly enableAuthInHeader?: boolean | undefined;
	/**
	 * How an instance gets its own 127.0.0.1:8000. namespace: a place of its own. direct: it takes the one of this
	 * host. auto: namespace where it can be had. Wanted: auto, namespace or direct. Default: auto.
	 */
	readonly isolation?: 'auto' | 'namespace' | 'direct' | undefined;
	/**
	 * Start the function at once, not with the first request. Wanted: true or false. Default: false.
	 */
	readonly eager?: boolean | undefined;
	/**
	 * Most instances at once; 0 disables the function, -1 is no limit (strategy_config.concurrency). Wanted: a whole
	 * number from 1 to 1000, 0 (disabled) or -1 (no limit). Default: 400.
	 */
	readonly concurrency?: number | undefined;
	/**
	 * Requests that one instance works on at once (strategy_config.concurrent_num). Wanted: a whole number from 1 to
	 * 1000. Default: 1; 1000 where isolation is direct, which has one instance only.
	 */
	readonly concurrentNum?: number | undefined;
	/**
	 * Seconds after its last request in which an instance is kept. Wanted: whole seconds from 1 to 86400. Default:
	 * 60.
	 */
	readonly idleTimeout?: number | undefined;
	/**
	 * What an idle instance does. freeze: it gets no processor until the next request. Wanted: run or freeze.
	 * Default: run.
	 */
	readonly idle?: 'run' | 'freeze' | undefined;
	/**
	 * Requests that may wait for an instance; one more is answered with 429. Wanted: a whole number from 0 to
	 * 100000. Default: 1000.
	 */
	readonly queue?: number | undefined;
	/**
	 * Seconds that a request waits for an instance before it is answered with 429. Wanted: whole seconds from 1 to
	 * 300. Default: 10.
	 */
	readonly queueTimeout?: number | undefined;
	/**
	 * Instances that are started ahead and kept. In a file also an object: its tactics change the count by time.
	 * Wanted: 0 to 1000, or {count, tactics: [{name, cron, count, start, end}]}. Default: 0.
	 */
	readonly reserved?:
		| number
		| {
				readonly count?: number | undefined;
				readonly tactics?:
					| ReadonlyArray<{
							readonly name: string;
							readonly cron: string;
							readonly count: number;
							readonly start: string;
							readonly end: string;
					  }>
					| undefined;
		  }
		| undefined;
	/**
	 * Megabytes of an instance's own /tmp. Wanted: 512 or 10240. Default: 512.
	 */
	readonly tmp?: 512 | 10240 | undefined;
	/**
	 * Where the function may connect to. open: what the host reaches. allow: what the list of the config file has.
	 * none: nothing. Wanted: open, allow or none, or {mode, allow, publicSource, disablePublicNetwork}. Default:
	 * open.
	 */
	readonly egress?:
		| 'open'
		| 'allow'
		| 'none'
		| {
				readonly mode?: 'open' | 'allow' | 'none' | undefined;
				readonly allow?: readonly string[] | undefined;
				readonly publicSource?: string | null | undefined;
				readonly public_source?: string | null | undefined;
				readonly disablePublicNetwork?: boolean | undefined;
				readonly disable_public_network?: boolean | undefined;
		  }
		| undefined;
	/**
	 * Programs that stand for the interpreters of the platform, by folder (nodejs18.15) or for all its versions
	 * (nodejs). Wanted: an object of absolute paths by the name of the platform's folder. Default: those on PATH.
	 */
	readonly interpreters?: Readonly<Record<string, string>> | undefined;
	/**
	 * Paths of the host that the function may read, beyond the system's own folders. Wanted: a list of paths.
	 * Default: none.
	 */
	readonly expose?: readonly string[] | undefined;
	/**
	 * Proxies in front whose X-Forwarded-For and X-Forwarded-Proto are believed; those of anybody else are dropped.
	 * Wanted: addresses or CIDR blocks, separated by commas. Default: none.
	 */
	readonly trustedProxies?: string | undefined;
	/**
	 * Requests of all functions that wait for an instance at a time; those beyond it are answered 503. No function
	 * can take all of it while others want some. Wanted: a whole number from 0 to 100000. Default: 8192.
	 */
	readonly queuedMax?: number | undefined;
	/**
	 * Memory for bodies that are held until they are whole, of all functions together; shared as queued-max is.
	 * Wanted: whole megabytes from 16 to 1048576. Default: 512.
	 */
	readonly heldMemory?: number | undefined;
	/**
	 * Least level that httpfn's own records need. The function's output is always kept. Wanted: debug, info, warn or
	 * error. Default: info.
	 */
	readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | undefined;
	/**
	 * Record of every request, one line each: appended to a file, or to stdout or stderr. A file that was moved away
	 * is opened anew. Wanted: the path of a file, stdout, stderr, off or auto. Default: stderr where run writes to a
	 * terminal, else off.
	 */
	readonly accessLog?: string | undefined;
	/**
	 * Form of these lines. text: for a person. json: one object a line. combined: Apache's, then request id,
	 * function and version, and the phases. Wanted: text, json, combined or auto. Default: text on the terminal of
	 * run, else json.
	 */
	readonly accessLogFormat?: 'auto' | 'text' | 'json' | 'combined' | undefined;
	/**
	 * Sent as X-CFF-Access-Key with enableAuthInHeader. Wanted: text that a header can hold. Default: none.
	 */
	readonly accessKey?: string | undefined;
	/**
	 * Sent as X-CFF-Secret-Key with enableAuthInHeader. Wanted: text that a header can hold. Default: none.
	 */
	readonly secretKey?: string | undefined;
	/**
	 * Sent as X-CFF-Security-Access-Key with enableAuthInHeader. Wanted: text that a header can hold. Default: none.
	 */
	readonly securityAccessKey?: string | undefined;
	/**
	 * Sent as X-CFF-Security-Secret-Key with enableAuthInHeader. Wanted: text that a header can hold. Default: none.
	 */
	readonly securitySecretKey?: string | undefined;
	/**
	 * Sent as X-CFF-Security-Token with enableAuthInHeader. Wanted: text that a header can hold. Default: none.
	 */
	readonly securityToken?: string | undefined;
	/**
	 * Sent as X-CFF-Auth-Token with enableAuthInHeader. Wanted: text that a header can hold. Default: none.
	 */
	readonly authToken?: string | undefined;
}
