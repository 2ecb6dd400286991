/** The id in a URI of the API, such as room 42 in layer:///conversations/room%2042. */

/** The ids "." and ".." stay URIs: clients remove them from a URL, also when they are percent-encoded. */
export function resourceId(uri: string): string {
  const id = decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
  return id === '.' || id === '..' ? uri : id;
}
