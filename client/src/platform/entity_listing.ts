/**
 * One page of a list of the REST API. The URIs are paths with their query: `callApi(listing.nextUri, 'GET')` gets the
 * next page.
 */
export interface EntityListing<Entity> {
  readonly entities: readonly Entity[];
  readonly pageSize: number;
  readonly pageNumber: number;
  readonly total: number;
  readonly pageCount: number;
  readonly selfUri: string;
  readonly firstUri: string;
  readonly lastUri: string;
  /** Absent on the last page. */
  readonly nextUri?: string;
  /** Absent on the first page. */
  readonly previousUri?: string;
}
