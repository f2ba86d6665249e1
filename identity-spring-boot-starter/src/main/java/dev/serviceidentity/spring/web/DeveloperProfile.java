// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The profile under which callers are told why they are refused. */
record DeveloperProfile(@Nullable String name, Predicate<String> isActive) {
  /** Its name, if it is one of those that the application runs with. */
  Optional<String> active() {
    return Optional.ofNullable(name).filter(isActive);
  }
}
