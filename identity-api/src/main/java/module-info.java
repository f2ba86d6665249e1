// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0

/**
 * The types that users of Service Identity hold, what makers of mechanisms implement, and the
 * layered guard behind {@code ServiceIdentity}. Depends on the JDK alone.
 */
module dev.serviceidentity.api {
  requires static transitive org.jspecify;

  exports dev.serviceidentity;
  exports dev.serviceidentity.access;
  exports dev.serviceidentity.audit;
  exports dev.serviceidentity.caller;
  exports dev.serviceidentity.identity;
  exports dev.serviceidentity.mechanism;
  exports dev.serviceidentity.network;
  exports dev.serviceidentity.spi;
}
