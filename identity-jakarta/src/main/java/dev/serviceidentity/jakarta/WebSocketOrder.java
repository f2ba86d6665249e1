// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.jakarta;

import jakarta.servlet.ServletContext;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out whether Jetty's filter of WebSockets stands before this one. Jetty puts it in front of
 * all that {@code web.xml} declares, and answers upgrades there without going on. Servlet tells
 * nobody the order of filters, so that Jetty's own list is read.
 */
final class WebSocketOrder {
  private static final String UPGRADES = ".WebSocketUpgradeFilter";

  private WebSocketOrder() {}

  /**
   * Looks at the filters that are mapped so far.
   *
   * @param guard the name of the filter that guards
   * @return what is wrong, if upgrades come past it or that cannot be found out
   */
  static Optional<String> mistake(ServletContext context, String guard) {
    return context.getFilterRegistrations().entrySet().stream()
        .filter(other -> String.valueOf(other.getValue().getClassName()).endsWith(UPGRADES))
        .map(Map.Entry::getKey)
        .filter(upgrades -> isBefore(upgrades, guard, context))
        .findFirst()
        .map(
            upgrades ->
                upgrades
                    + " stands before the filter '"
                    + guard
                    + "', so that WebSockets are open to everybody: declare it by this name after"
                    + " that filter, call IdentityFilter.register(context) in a"
                    + " ServletContextListener, or switch WebSockets off by"
                    + " org.eclipse.jetty.containerInitializerExclusionPattern");
  }

  private static boolean isBefore(String upgrades, String guard, ServletContext context) {
    try {
      Object application = call(context, "getContextHandler");
      Object mappings = call(call(application, "getServletHandler"), "getFilterMappings");
      var names = new ArrayList<Object>();
      for (int i = 0; i < Array.getLength(mappings); i++) {
        names.add(call(Array.get(mappings, i), "getFilterName"));
      }
      // One that is being registered is initialised before it is mapped, and looked at afterwards.
      return names.contains(upgrades) && names.indexOf(upgrades) < names.indexOf(guard);
    } catch (ReflectiveOperationException anotherJetty) {
      return true;
    }
  }

  private static Object call(Object on, String method) throws ReflectiveOperationException {
    return on.getClass().getMethod(method).invoke(on);
  }
}
