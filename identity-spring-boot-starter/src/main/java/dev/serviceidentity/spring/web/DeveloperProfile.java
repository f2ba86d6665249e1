// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.web;

import dev.serviceidentity.spring.properties.Misconfiguration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * The profile under which callers are told why they are refused.
 *
 * @param active its name, if the application was told to run with it
 */
record DeveloperProfile(Optional<String> active) {
  /** An expression such as {@code !prod} would be active by accident. */
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}_.+@-]+");

  /** By the profiles that were named: "default" is not, unless somebody says so. */
  static DeveloperProfile of(@Nullable String said, Environment environment) {
    if (said == null) {
      return new DeveloperProfile(Optional.empty());
    }
    if (!NAME.matcher(said).matches()) {
      throw Misconfiguration.of(
          "serviceidentity.web.developer-profile",
          "is no name of a profile; say one name, or leave it out");
    }
    List<String> running = Arrays.asList(environment.getActiveProfiles());
    return new DeveloperProfile(Optional.of(said).filter(running::contains));
  }
}
