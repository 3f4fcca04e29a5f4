/** Bounds of code packages. */

export const PACKAGE_LIMITS = {
	/** A zip or a jar as it is sent (documented: 50 MB). */
	packageBytesMax: 50 * 1024 * 1024,
	/** Inline code (documented: 10 KB). */
	inlineBytesMax: 10 * 1024,
	/** All files of a package, unpacked (documented: 1,500 MB). */
	unpackedBytesMax: 1500 * 1024 * 1024,
	/** Bytes unpacked for each byte of the package, beyond a first MiB (ours): what packs better is no code. */
	ratioMax: 200,
	ratioFreeBytes: 1024 * 1024,
	/** Files and folders (ours). */
	entriesMax: 50_000,
	/** Bytes of one name and of each of its parts (ours, and what file systems take). */
	nameBytesMax: 1024,
	namePartBytesMax: 255,
	/** The target of one link, and the steps that all links of a package take to where they lead (ours). */
	linkBytesMax: 1024,
	linkStepsMax: 500_000,
	/** The start file: it is judged as a whole (ours). */
	bootstrapBytesMax: 50 * 1024 * 1024,
} as const;
