// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.spring.properties;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;

/**
 * Refuses variables of the environment and system properties that begin as those of a group and
 * that nobody reads. {@code ignoreUnknownFields = false} passes these over, since a variable can be
 * spelled in several ways, and some are not meant for the application; in a cluster most is said by
 * them.
 */
public final class ReadNames extends AbstractBindHandler {
  private static final ConfigurationPropertyName ROOT =
      ConfigurationPropertyName.of("serviceidentity");

  /**
   * Kubernetes sets such variables in each pod for each Service, here one called
   * serviceidentity-web.
   */
  private static final Pattern OF_A_SERVICE =
      Pattern.compile(".*(servicehost|serviceport.*|port|port[0-9]+(tcp|udp|sctp).*)");

  private final Set<String> read = new HashSet<>();

  /**
   * Watches what one group of properties reads.
   *
   * @param parent does the reading
   */
  public ReadNames(BindHandler parent) {
    super(parent);
  }

  @Override
  public <T> @Nullable Bindable<T> onStart(
      ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
    read.add(letters(name));
    return super.onStart(name, target, context);
  }

  @Override
  public void onFinish(
      ConfigurationPropertyName name,
      Bindable<?> target,
      BindContext context,
      @Nullable Object result)
      throws Exception {
    super.onFinish(name, target, context, result);
    if (context.getDepth() == 0 && ROOT.isAncestorOf(name)) {
      for (ConfigurationPropertySource source : context.getSources()) {
        requireRead(letters(name), source);
      }
    }
  }

  private void requireRead(String group, ConfigurationPropertySource source) {
    if (source instanceof IterableConfigurationPropertySource names
        && !new UnboundElementsSourceFilter().apply(source)) {
      names.stream()
          .filter(name -> isUnread(group, letters(name)))
          .findFirst()
          .ifPresent(
              name -> {
                throw Misconfiguration.of(
                    name.toString(), "is no property, although it begins as one; mend or unset it");
              });
    }
  }

  private boolean isUnread(String group, String name) {
    return name.startsWith(group) && !read.contains(name) && !OF_A_SERVICE.matcher(name).matches();
  }

  /** All spellings of a name have these in common. */
  private static String letters(ConfigurationPropertyName name) {
    return name.toString().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
