// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/** Service Identity for Jakarta Servlet containers. */
module dev.serviceidentity.jakarta {
  requires transitive dev.serviceidentity.api;
  requires transitive jakarta.servlet;
  requires static transitive org.jspecify;

  exports dev.serviceidentity.jakarta;
  exports dev.serviceidentity.jakarta.evidence;
}
