// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import java.util.List;
import java.util.Map;

/** What is special about one way to run the shop; of itself, nothing is. */
public interface Edition {
  /** The services that run otherwise than on the JDK's own HTTPS server. */
  default Map<Member, ShopService.Starter> starters() {
    return Map.of();
  }

  /** The calls to show beside those that every edition shows. */
  default List<Scenario> scenarios(Shop shop) {
    return List.of();
  }

  /** The commands to paste beside those that every edition prints. */
  default String commands(Shop shop) {
    return "";
  }
}
